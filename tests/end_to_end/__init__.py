"""The real CDK CLI, and the pipeline it would deploy, run as a user runs them."""
