"""Registers a model: a new version in the model registry."""

from artefacts.definition.model_card import find_content_faults
from local_runner.errors import StepFailedError
from local_runner.record.step_cache import Result
from local_runner.steps.context import Context, Task
from local_runner.steps.request import validate_request


def run_register_model(task: Task, context: Context) -> Result:
    """Do what CreateModelPackage does with the task's arguments."""
    validate_request("RegisterModel", task)
    card = task.arguments.get("ModelCard", {}).get("ModelCardContent", "{}")
    for fault in find_content_faults(card):
        raise StepFailedError(f"ClientError: ModelCardContent: {fault}")
    description = context.registry.create(task.step.name, task.arguments, context.clock())
    return Result(description, {"RegisterModel": {"Arn": description["ModelPackageArn"]}}, {})
