"""What AWS itself says of the values that it takes: botocore's models, read when a rule first asks."""

import functools
from collections.abc import Mapping
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape


def limits_of(shape: str, service: str = "sagemaker") -> tuple[int, int | None]:
    """Return the least and the most that *shape* takes, a number or a length; None where it names no most."""
    limits = shape_of(shape, service).metadata
    return limits.get("min", 0), limits.get("max")


def choices_of(shape: str, service: str = "sagemaker") -> tuple[str, ...]:
    """Return the values of *shape*, an enumeration."""
    return tuple(shape_of(shape, service).metadata["enum"])


def shape_of(name: str, service: str = "sagemaker") -> Shape:
    """Return a shape of the model of *service*."""
    return _service(service).shape_for(name)


@functools.cache
def read_partitions() -> Mapping[str, Mapping[str, Any]]:
    """Return what botocore's endpoints say of each partition of AWS: its regions, and its services."""
    return {each["partition"]: each for each in Loader().load_data("endpoints")["partitions"]}


@functools.cache
def _service(name: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)
