"""Where people are sent who hear of something."""

FOLDER = "docs/runbooks"


def what_to_do(runbook: str) -> str:
    """Return the sentence that names *runbook*, a file of the project."""
    return f"What to do: {FOLDER}/{runbook}"
