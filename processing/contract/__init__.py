"""What raw data as a whole must be like, and the figures by which that is judged."""
