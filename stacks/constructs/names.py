"""Names of rules and alarms: policies speak of them, and CloudFormation's own may begin with half a stack's name."""

import re

from aws_cdk import Stack
from constructs import Construct

from settings import Stage

RULE_LENGTH = 64
"""PutRule, "Name"."""
ALARM_LENGTH = 255
"""PutMetricAlarm and PutCompositeAlarm, "AlarmName"."""
JOB_PREFIX_LENGTH = 23
"""A job's name has 63 characters; the longest that a step adds is `-data-quality`, and the service adds 27."""


class StageNameError(ValueError):
    """Names of a stage of which names of resources cannot be made."""


def check_names(stage: Stage) -> None:
    """Refuse names of *stage* that AWS does not take, or does not give back as they were written."""
    # CloudFormation drops one of two hyphens.
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", stage.name):
        raise StageNameError(f"stage {stage.name!r}: use lower-case letters, digits, and single hyphens between them")
    over = len(stage.job_prefix) - JOB_PREFIX_LENGTH
    if over > 0:
        raise StageNameError(
            f"job_prefix {stage.job_prefix!r} has {len(stage.job_prefix)} characters, {JOB_PREFIX_LENGTH} at most:"
            f" shorten it, or the stage's name, by {over}"
        )
    if stage.pipeline_name != stage.pipeline_name.lower():
        raise StageNameError(f"pipeline_name {stage.pipeline_name!r}: write it as events have it, in lower case")


def name_of(scope: Construct, id_: str, *, longest: int) -> str:
    """Return the name of *id_* in the stack of *scope*, or raise `StageNameError` where it is too long."""
    name = f"{Stack.of(scope).stack_name}-{id_}"
    if len(name) > longest:
        over = len(name) - longest
        raise StageNameError(
            f"{name} has {len(name)} characters, {longest} at most: shorten the stage's name by {over}"
        )
    return name
