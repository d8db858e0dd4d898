"""Ends an execution with a message."""

from local_runner.errors import StepFailedError
from local_runner.record.step_cache import Result
from local_runner.steps.context import Context, Task


def run_fail(task: Task, _context: Context) -> Result:
    """Fail, as the definition wants it."""
    message = task.arguments["ErrorMessage"]
    raise StepFailedError(message, metadata={"Fail": {"ErrorMessage": message}})
