"""What a change means to a pipeline: two sides are read, compared and judged; rendering and posting use the result."""
