"""Two executions or versions beside each other: what went in, how good it is, and whether that is more than noise."""
