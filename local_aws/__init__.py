"""A stand-in for AWS on this machine: MiniStack on the loopback interface, with a SageMaker of ours in its process."""
