"""What steps with jobs share: their images, their network, and the form of a processing job."""
