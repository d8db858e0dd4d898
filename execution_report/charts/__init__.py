"""Draws SVG. What a chart shows is in its title and description, too, and its colours are the page's."""
