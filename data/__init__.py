"""The sample data, and what writes it."""
