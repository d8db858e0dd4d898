"""The rule of the region: SageMaker is there, and the ARNs that are written out are right."""

from collections.abc import Iterator
from typing import Any

from settings.checks.problem import Problem
from settings.checks.rules import suggest
from settings.checks.service_model import read_partitions

_PARTITION = "aws"
"""Acknowledged findings and the rights of `operations` name ARNs of this partition; in others, AWS also lacks resource
types that the stacks are made of, such as AWS::SageMaker::ModelPackageGroup in China."""


def check_region(name: str, value: Any) -> Iterator[Problem]:
    """Yield a region without SageMaker, of another partition, or that botocore does not know."""
    partitions = {region: each for each in read_partitions().values() for region in each["regions"]}
    if not isinstance(value, str) or value not in partitions:
        ours = read_partitions()[_PARTITION]["regions"]
        yield Problem(name, f"is {value!r}, no region of AWS: {suggest(value, ours, 'eu-west-1')}")
        return
    partition = partitions[value]["partition"]
    if partition != _PARTITION:
        yield Problem(
            name,
            f"is {value!r}, of partition {partition}, and rights and resources here are those of {_PARTITION}:"
            " choose another, such as 'eu-west-1'",
        )
    elif value not in partitions[value]["services"]["api.sagemaker"]["endpoints"]:
        yield Problem(name, f"is {value!r}, where SageMaker is not: choose another, such as 'eu-west-1'")
