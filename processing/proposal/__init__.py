"""Proposes a data contract for somebody's own export: `python -m processing.proposal`. No job imports it."""
