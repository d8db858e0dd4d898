"""The part of SageMaker's API that the project uses, without the jobs."""
