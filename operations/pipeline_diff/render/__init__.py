"""A difference as people and programs read it: terminal, Markdown, JSON."""
