"""The rights that a command needs, call by call, and the IAM policy of them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from settings import Stage

# Templates of ARNs, as a right has them.
SAGEMAKER = "arn:aws:sagemaker:{stage.region}:*:"
PIPELINES = tuple(
    f"{SAGEMAKER}pipeline/{{stage.{name}}}"
    for name in ("pipeline_name", "scoring_pipeline_name", "monitoring_pipeline_name")
)
# In both spellings: SageMaker's ARNs have names in lower case, its questions to IAM not always.
_GROUP_NAMES = ("{stage.model_package_group_name}", "{group}")
GROUPS = tuple(f"{SAGEMAKER}model-package-group/{name}" for name in _GROUP_NAMES)
VERSIONS = tuple(f"{SAGEMAKER}model-package/{name}/*" for name in _GROUP_NAMES)
BUCKET = "arn:aws:s3:::{stage.storage_stack}-*"


class Right(NamedTuple):
    """What IAM asks for at a call, and the least that it is asked on."""

    action: str
    resources: tuple[str, ...] = ("*",)
    """Templates: a stage fills in `{stage...}`, and `{group}`, its package group's name in lower case."""
    only_if: Mapping[str, str] = MappingProxyType({})
    """Condition keys and what they must equal."""


class KeyRight(NamedTuple):
    """What a service does with a key in the name of whoever calls it; the key itself is not known before."""

    actions: tuple[str, ...]
    service: str
    """Such as `sns`: only through it."""


def write_policy(stage: Stage, rights: Iterable[Right], keys: Iterable[KeyRight] = ()) -> dict[str, Any]:
    """Return the IAM policy of *rights* and *keys* for *stage*: one statement for equal resources and condition."""
    alike: dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], set[str]] = {}
    for right in rights:
        alike.setdefault((right.resources, tuple(right.only_if.items())), set()).add(right.action)
    group = stage.model_package_group_name.lower()
    statements: list[dict[str, Any]] = [
        {
            "Effect": "Allow",
            "Action": sorted(actions),
            "Resource": [each.format(stage=stage, group=group) for each in resources],
            **({"Condition": {"StringEquals": dict(condition)}} if condition else {}),
        }
        for (resources, condition), actions in alike.items()
    ]
    return {"Version": "2012-10-17", "Statement": [*statements, *(_use_key(each, stage) for each in keys)]}


def _use_key(right: KeyRight, stage: Stage) -> dict[str, Any]:
    through = {"StringEquals": {"kms:ViaService": f"{right.service}.{stage.region}.amazonaws.com"}}
    return {"Effect": "Allow", "Action": list(right.actions), "Resource": ["*"], "Condition": through}
