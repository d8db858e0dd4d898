"""The code of the processing jobs: it runs in SageMaker containers and imports nothing of this project but itself."""
