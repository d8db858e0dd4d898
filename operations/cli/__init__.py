"""The command line: a file per command, which parses and renders; what it does, other folders have as functions."""
