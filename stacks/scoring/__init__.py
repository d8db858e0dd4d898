"""The scoring pipeline, and the rule that starts it."""
