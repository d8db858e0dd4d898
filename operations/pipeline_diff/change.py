"""What a difference of two sides is made of; each layer hands these on, and none adds a form of its own."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """What a reviewer should do about a change."""

    NOTE = 1
    """Know it."""
    REVIEW = 2
    """Look at it."""
    DANGER = 3
    """Agree to it: it destroys or replaces what holds data, or broadens what somebody may do."""


class Area(StrEnum):
    """What a change is about, in the order in which it is read."""

    PERMISSION = "permission"
    RESOURCE = "resource"
    PARAMETER = "parameter"
    STEP = "step"
    EDGE = "edge"
    CODE = "code"
    IMAGE = "image"
    INSTANCE = "instance"
    HYPERPARAMETER = "hyperparameter"
    LIMIT = "limit"
    CACHING = "caching"
    SCHEDULE = "schedule"
    SIZE = "size"
    COST = "cost"
    OTHER = "other"
    """What none of the others knows; shown, never dropped."""


@dataclass(frozen=True)
class Change:
    """One difference."""

    area: Area
    subject: str
    """What is different: a step, a parameter, a resource, such as `EmpBonusTraining`."""
    what: str
    """What about it, in a few words: `added`, `instance type`, `Arguments.Environment.TZ`."""
    before: str | None = None
    """None where there was nothing."""
    after: str | None = None
    """None where there is nothing any more."""
    severity: Severity = Severity.NOTE
    why: str = ""
    """One sentence, where the severity is not plain."""
    details: tuple[str, ...] = ()
    """Further lines: source files, or requests that are allowed now."""


@dataclass(frozen=True)
class StepEffect:
    """What the first execution after the change does with a step, if the last one before it is still in the cache."""

    step: str
    recomputed: bool
    """False where its result comes from the cache."""
    because: str


@dataclass(frozen=True)
class Node:
    """A step in a picture of the pipeline."""

    name: str
    kind: str
    """Its type, such as `Training`."""
    branch: str = ""
    """The condition step and branch that it stands in, such as `Gate.IfSteps`; empty at the top."""


@dataclass(frozen=True)
class Graph:
    """The steps of a pipeline, and which of them wait for which."""

    steps: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]
    """Pairs of names: the first ends before the second starts. A condition's branches are edges, too."""
    changed: frozenset[str] = frozenset()
    """Steps that were added, removed or changed, code and all."""


@dataclass(frozen=True)
class Cost:
    """Money, at list prices."""

    usd: float
    """Of all that has a known price."""
    unknown: tuple[str, ...] = ()
    """What has no price in the table, such as `ml.p5.48xlarge in eu-central-1`; never guessed."""


@dataclass(frozen=True)
class Size:
    """Something that the service limits."""

    subject: str
    """Such as `template of emp-bonus-prod-pipeline`."""
    before: int | None
    after: int | None
    limit: int
    unit: str
    """Such as `bytes`."""
    source: str
    """The document that states the limit."""


@dataclass(frozen=True)
class PipelineDiff:
    """What is different in one pipeline."""

    pipeline: str
    changes: tuple[Change, ...]
    effects: tuple[StepEffect, ...]
    before: Graph | None
    """None where the pipeline is new."""
    after: Graph | None
    """None where it is removed."""
    run_before: Cost | None
    """What an execution costs; None where there is none."""
    run_after: Cost | None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is different."""
        return not self.changes


@dataclass(frozen=True)
class Diff:
    """What is different between two sides."""

    base: str
    """What was given, such as `main`."""
    head: str
    pipelines: tuple[PipelineDiff, ...]
    """Each pipeline of either side, also those without a change."""
    changes: tuple[Change, ...]
    """Of the stacks."""
    sizes: tuple[Size, ...] = ()
    month_before: Cost | None = None
    """Idle, plus the executions that a schedule starts; None where a side has no stacks."""
    month_after: Cost | None = None
    not_compared: tuple[str, ...] = ()
    """What only one side has, in a sentence each: a bare definition has no stacks."""

    @property
    def all_changes(self) -> tuple[Change, ...]:
        """Changes of the stacks and of all pipelines."""
        return (*self.changes, *(change for each in self.pipelines for change in each.changes))

    @property
    def severity(self) -> Severity | None:
        """The highest severity; None where nothing is different."""
        return max((change.severity for change in self.all_changes), default=None)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is different."""
        return not self.all_changes
