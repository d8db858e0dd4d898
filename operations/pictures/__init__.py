"""Pictures of a pipeline from its definition: Mermaid, which GitHub draws, and SVG, laid out here."""
