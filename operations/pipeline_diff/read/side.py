"""A side of a comparison, whatever it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True)
class WrittenPipeline:
    """A pipeline as it is written down: what only a deployment knows is a placeholder, such as `${JobRoleArn}`."""

    name: str
    """Empty where only the definition is there."""
    definition: Document
    characters: int
    values: Document = field(default_factory=dict)
    """Placeholder, without `${}` -> what the template puts in its place, often a function of CloudFormation."""
    stack: str = ""
    logical_id: str = ""
    readable: bool = True
    """False where the template says only where the definition lies."""


@dataclass(frozen=True)
class Side:
    """What is compared."""

    name: str
    """As it was given."""
    pipelines: tuple[WrittenPipeline, ...]
    stacks: Mapping[str, Document] = field(default_factory=dict)
    """Templates by their stack names."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Bytes of each template."""
    archives: Mapping[str, Path] = field(default_factory=dict)
    """Object key of each file that a deployment would upload -> where it is."""
    whole: bool = True
    """Whether it has all stacks of a deployment, so that what it lacks is not deployed."""
    deployments: Mapping[str, Document] = field(default_factory=dict)
    """Of a whole side: region, tags and protection of each stack."""
    region: str = ""
    """Empty where nothing says it."""
