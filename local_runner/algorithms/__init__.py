"""Stand-ins for containers that belong to AWS and cannot be pulled. Each honours the container's contract."""
