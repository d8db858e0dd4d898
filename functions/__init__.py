"""Lambda functions that pipeline steps call; a function's archive holds its own module and nothing else."""
