"""Processes instead of containers: which program stands for an image, and how the hosts of a job run."""
