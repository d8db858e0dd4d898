"""Compares what was read, part by part; what it finds has no weight yet."""
