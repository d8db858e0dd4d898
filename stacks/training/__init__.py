"""The training pipeline, with its roles and code, and the rules that start it."""
