"""Proof, on the stand-in for AWS, that each right is used, that none is missing, and what comes of one that is."""
