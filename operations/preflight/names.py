"""What is there already: our stacks, or what an earlier deployment left behind."""

from collections.abc import Iterator

from operations.aws import Aws, find_tagged, group_exists, pipeline_exists, stack_status
from operations.preflight.findings import Finding, fails, ok
from settings import Stage

ADOPT = "adopt what was kept: docs/runbooks/re-adopt-what-was-kept.md"
REPAIR = "docs/runbooks/update-rollback-failed.md"

_ABSENT = (None, "REVIEW_IN_PROGRESS")
_DEPLOYED = (
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
    *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
)


def is_deployed(stack: str, aws: Aws) -> bool:
    """Return whether *stack* has its resources."""
    return stack_status(stack, aws) in _DEPLOYED


def check_names(stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Yield the stacks that cannot be updated as they are, and the names that a first deployment finds taken."""
    found = [*_find_broken_stacks(stage, aws), *_find_kept(stage, aws), *_find_stray_pipeline(stage, aws)]
    yield from found or [ok("no name that a deployment needs is taken by anything else")]


def _find_broken_stacks(stage: Stage, aws: Aws) -> Iterator[Finding]:
    for stack in (stage.storage_stack, stage.pipeline_stack):
        status = stack_status(stack, aws)
        if status not in (*_ABSENT, *_DEPLOYED):
            remedy = "wait until it is done" if str(status).endswith("_IN_PROGRESS") else REPAIR
            yield fails(f"stack {stack} is {status}", remedy)


def _find_kept(stage: Stage, aws: Aws) -> Iterator[Finding]:
    if is_deployed(stage.storage_stack, aws):
        return
    group = stage.model_package_group_name
    if group_exists(group, aws):
        yield fails(f"model package group {group} was kept: its name is taken, so a deployment fails", ADOPT)
    for bucket in find_tagged("s3", stage, aws):
        yield fails(f"bucket {bucket.rpartition(':')[2]} was kept: a deployment would make another beside it", ADOPT)


def _find_stray_pipeline(stage: Stage, aws: Aws) -> Iterator[Finding]:
    if not is_deployed(stage.pipeline_stack, aws) and pipeline_exists(stage.pipeline_name, aws):
        yield fails(
            f"pipeline {stage.pipeline_name} is there and no stack's: its name is taken, so a deployment fails",
            f"aws sagemaker delete-pipeline --region {stage.region} --pipeline-name {stage.pipeline_name}",
        )
