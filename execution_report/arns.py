"""What the parts of an ARN say."""


def last_part(arn: str) -> str:
    """Return what comes after the last slash: an execution's id, a package's version, a pipeline's name."""
    return arn.rpartition("/")[2]


def package_title(arn: str) -> str:
    """Return how a person calls the model package *arn*: its version and its group."""
    parts = arn.split("/")
    return f"version {parts[-1]} of {parts[-2]}" if len(parts) > 1 else arn
