"""What the service looks at before it starts anything: whether it takes the request at all."""

from artefacts.definition.checker.arguments import check_request
from local_runner.errors import StepFailedError
from local_runner.steps.context import Task


def validate_request(step_type: str, task: Task) -> None:
    """Raise `StepFailedError` with what the service has against the arguments of *task*, now that all are known."""
    problems = check_request(step_type, task.arguments)
    if problems:
        raise StepFailedError(f"ClientError: {'; '.join(map(str, problems))}")
