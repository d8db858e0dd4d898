"""Measurements that print ratios, never verdicts."""
