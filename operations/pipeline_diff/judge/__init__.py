"""Judges what was found: how much a change matters, and what it does to the next execution."""
