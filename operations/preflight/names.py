"""What is there already: our stacks, or what an earlier deployment left behind."""

from collections.abc import Iterator

from operations.aws import Aws, find_tagged, group_exists, pipeline_exists, stack_status
from operations.preflight.findings import Finding, fails, ok
from settings import Stage

ADOPT = "adopt what was kept: docs/runbooks/re-adopt-what-was-kept.md"

_GONE = (None, "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE")
"""Of a stack that has no resources: what is there under their names was kept, or is somebody else's."""
_REPAIRS = {
    "UPDATE_ROLLBACK_FAILED": "docs/runbooks/update-rollback-failed.md",
    "DELETE_FAILED": "docs/runbooks/tear-down.md",
}
"""Other states that an update does not begin from are those of a first deployment that failed."""


def is_deployed(stack: str, aws: Aws) -> bool:
    """Return whether *stack* has its resources, be they just changed or half rolled back.

    One that was imported is not deployed yet: the CDK's import gives it no outputs, and not all of its resources.
    """
    status = stack_status(stack, aws) or ""
    return status == "CREATE_COMPLETE" or status.startswith("UPDATE_")


def list_telling_stacks(stage: Stage) -> tuple[str, ...]:
    """Return the stacks of *stage* that have rules, and a topic of their own."""
    return *stage.pipelines, *([stage.deployment_stack] if stage.deployment else [])


def check_taken_names(stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Yield the stacks that cannot be updated as they are, and what a first deployment finds under its names."""
    found = [*_find_broken_stacks(stage, aws), *_find_kept(stage, aws), *_find_stray_pipeline(stage, aws)]
    yield from found or [ok("no stack, package group, bucket or pipeline is in a deployment's way")]


def _find_broken_stacks(stage: Stage, aws: Aws) -> Iterator[Finding]:
    for stack in (stage.storage_stack, *list_telling_stacks(stage)):
        status = stack_status(stack, aws)
        if status is None or status == "REVIEW_IN_PROGRESS":
            continue
        if status.endswith("_IN_PROGRESS"):
            yield fails(f"stack {stack} is {status}", "wait until it is done")
        elif status.startswith("ROLLBACK_") or status.endswith("_FAILED"):
            yield fails(f"stack {stack} is {status}", _REPAIRS.get(status, "docs/runbooks/roll-back-the-stack.md"))


def _find_kept(stage: Stage, aws: Aws) -> Iterator[Finding]:
    if stack_status(stage.storage_stack, aws) not in _GONE:
        return
    group = stage.model_package_group_name
    if group_exists(group, aws):
        yield fails(f"model package group {group} was kept: its name is taken, so a deployment fails", ADOPT)
    for bucket in find_tagged("s3", stage, aws):
        yield fails(f"bucket {bucket.rpartition(':')[2]} was kept: a deployment would make another beside it", ADOPT)


def _find_stray_pipeline(stage: Stage, aws: Aws) -> Iterator[Finding]:
    for stack, name in stage.pipelines.items():
        if stack_status(stack, aws) in _GONE and pipeline_exists(name, aws):
            yield fails(
                f"pipeline {name} is there and no stack's: its name is taken, so a deployment fails",
                f"aws sagemaker delete-pipeline --region {stage.region} --pipeline-name {name}",
            )
