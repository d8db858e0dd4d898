"""A stand-in for AWS on this machine: MiniStack on the loopback interface, with our own SageMaker in its process."""
