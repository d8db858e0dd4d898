"""The scoring pipeline, with its roles and code, and the rule that starts it."""
