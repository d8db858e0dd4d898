"""Versions of a stage's model package group: what is known of them, and what a person decides about them."""
