"""The monitoring pipeline, its schedule, and the rule that has its findings start a training."""
