"""Names of rules and alarms: policies speak of them, and CloudFormation's own may begin with half a stack's name."""

from aws_cdk import Stack
from constructs import Construct

from settings import StageNameError

RULE_LENGTH = 64
"""PutRule, "Name"."""
ALARM_LENGTH = 255
"""PutMetricAlarm and PutCompositeAlarm, "AlarmName"."""


def name_of(scope: Construct, id_: str, *, longest: int) -> str:
    """Return the name of *id_* in the stack of *scope*, or raise `StageNameError` where it is too long."""
    name = f"{Stack.of(scope).stack_name}-{id_}"
    if len(name) > longest:
        over = len(name) - longest
        raise StageNameError(
            f"{name} has {len(name)} characters, {longest} at most: shorten the stage's name by {over}"
        )
    return name
