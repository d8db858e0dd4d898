"""Measurements, and whether they meet what is asked of speed and memory."""
