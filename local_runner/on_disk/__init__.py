"""What `make run` has behind the ports: S3, the model registry, Lambda and all else in folders of this machine."""
