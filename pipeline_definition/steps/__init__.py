"""The pipeline's steps: one module and one function each, in the order in which they run."""
