"""Reads the artefact of Amazon's Linear Learner."""
