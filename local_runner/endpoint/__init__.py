"""Serves a registered version on this machine: its own model.tar.gz, whose code runs in a process."""
