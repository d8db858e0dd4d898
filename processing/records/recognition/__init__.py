"""Recognises in what form files and values are written that are not as declared: for a message, or to declare it."""
