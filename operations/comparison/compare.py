"""Says what differs between two contestants."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from operations.comparison.contestant import Contestant
from operations.comparison.noise import MetricDifference, compare_metrics, have_same_rows

AREAS = ("parameters", "data", "code", "images", "features")


@dataclass(frozen=True)
class Difference:
    """A value that only one of them has, or that they have differently."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Area:
    """What differs of one kind, and how much does not."""

    name: str
    differences: tuple[Difference, ...]
    equal: int


@dataclass(frozen=True)
class Comparison:
    """All of it."""

    before: str
    after: str
    areas: tuple[Area, ...]
    metrics: tuple[MetricDifference, ...]
    same_test_rows: bool | None
    """None where one's predictions cannot be read."""
    unread: tuple[str, ...]


def compare(before: Contestant, after: Contestant) -> Comparison:
    """Compare *after* with *before*."""
    return Comparison(
        before.name,
        after.name,
        tuple(_compare(name, getattr(before, name), getattr(after, name)) for name in AREAS),
        tuple(compare_metrics(before, after)),
        have_same_rows(before, after) if before.predictions and after.predictions else None,
        tuple(dict.fromkeys((*before.unread, *after.unread))),
    )


def _compare(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Area:
    differences = tuple(_differences(before, after))
    return Area(name, differences, len(before.keys() | after.keys()) - len(differences))


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Difference(name, before.get(name), after.get(name))
