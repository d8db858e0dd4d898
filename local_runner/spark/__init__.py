"""Runs steps in the Spark image here: PyPI's Spark in a virtual environment of its own, on Java of this machine."""
