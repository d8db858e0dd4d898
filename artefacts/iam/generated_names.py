"""The names that CloudFormation gives to resources without one, where a policy could rest on them.

What makes them is public: `IdentifierUtils` in aws-cloudformation/cloudformation-cli-java-plugin, and the handlers that
call it, of rules in aws-cloudformation/aws-cloudformation-resource-providers-events and of log groups in
aws-cloudformation/aws-cloudformation-resource-providers-logs. What names alarms is not: some of AWS's handlers leave
out the stack's name, so nothing may rest on it.
"""

from collections.abc import Mapping

_SOME_END = "SOMERANDOM12"
_LONGEST: Mapping[str, int] = {"AWS::Events::Rule": 64, "AWS::Logs::LogGroup": 512}
_UNKNOWN = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")


def generated_name(kind: str, stack: str, logical_id: str) -> str:
    """Return a name that CloudFormation may give to *logical_id*; where it does not matter, without an end."""
    if kind in _UNKNOWN:
        return f"{logical_id}-{_SOME_END}"
    if kind not in _LONGEST:
        return f"{stack}-{logical_id}"
    lengths = fair_split(_LONGEST[kind] - len(_SOME_END) - 2, len(stack), len(logical_id))
    return f"{stack[: lengths[0]]}-{logical_id[: lengths[1]]}-{_SOME_END}"


def fair_split(cap: int, *wanted: int) -> list[int]:
    """Return how many of *cap* characters each part gets that wants so many, as `IdentifierUtils.fairSplit` does."""
    given = [0] * len(wanted)
    while sum(given) < cap and given != list(wanted):
        share = max((cap - sum(given)) // len(wanted), 1)
        for index, most in enumerate(wanted):
            given[index] += min(share, most - given[index], cap - sum(given))
    return given
