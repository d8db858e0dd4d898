"""What a container starts: one module and one `main` for each processing job."""
