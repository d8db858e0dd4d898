"""One handler per type of step, and what handlers share."""
