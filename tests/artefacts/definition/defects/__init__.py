"""Single defects of definitions, a module for each part of the checker."""
