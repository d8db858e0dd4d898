"""Serves a registered version on this machine: its own model.tar.gz, whose code runs in a process."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
"""Where the endpoint's own modules are found, and the version's must not be."""
