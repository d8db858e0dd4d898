"""One concept per file; the stacks wire them."""
