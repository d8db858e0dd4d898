"""What a definition's expressions, conditions and parameters come to in one execution."""
