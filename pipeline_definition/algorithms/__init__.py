"""The algorithm that is trained, and what later steps need to know of a model of it."""
