"""Runs a synthesized cloud assembly's pipeline on this machine, with no AWS account and no Docker."""
