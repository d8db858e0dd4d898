"""What needs Spark, Java and Python 3.12: `make test-spark`. Elsewhere nothing here runs."""
