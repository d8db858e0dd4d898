"""How far off the model is for each group of people, and which groups differ by more than chance."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.documents import estimate_at, list_at, mapping_at, number_at, value_at
from execution_report.charts.bars import interval
from execution_report.charts.scales import Scale
from execution_report.charts.svg import Svg
from execution_report.sources import Document
from execution_report.wording import Write, alike, between, counted, number, signed, words


@dataclass(frozen=True)
class Group:
    """One row of a table of groups."""

    name: str
    rows: str
    mean_error: str
    interval: str
    chart: Svg | None
    rmse: str


@dataclass(frozen=True)
class Groups:
    """The test rows, parted by the values of one column."""

    column: str
    groups: list[Group]


@dataclass(frozen=True)
class Fairness:
    """All that the page says of groups."""

    confidence: str
    sentence: str
    """How many pairs of groups differ."""
    differences: list[str]
    columns: list[Groups]


def fairness(document: Document) -> Fairness:
    """Return what *document*, an `evaluation.json`, says of groups."""
    columns = mapping_at(document, "fairness", "columns")
    found = [group for name in columns for group in mapping_at(columns, name, "groups").values()]
    write = alike(size for each in found for size in (number_at(each, "rmse"), *estimate_at(each, "mean_error")))
    axis = _axis(each for group in found if (each := _bounds(group)))
    pairs = [(name, pair) for name in columns for pair in list_at(columns, name, "pairs")]
    differing = [_difference(name, pair, write) for name, pair in pairs if value_at(pair, "significant") is True]
    return Fairness(
        f"{100 * (number_at(document, 'fairness', 'confidence') or 0.95):g}\N{NO-BREAK SPACE}%",
        _sentence(len(differing), len(pairs)),
        differing,
        [Groups(words(name), list(_groups(mapping_at(columns, name, "groups"), axis, write))) for name in columns],
    )


def _sentence(differing: int, pairs: int) -> str:
    if not pairs:
        return "There are no two groups of enough rows to compare."
    tested = "Welch's t test of each, with Holm's correction for their number"
    if not differing:
        return f"None of {counted(pairs, 'pair')} of groups differs significantly in its mean error ({tested})."
    verb = "differs" if differing == 1 else "differ"
    return f"{number(differing)} of {counted(pairs, 'pair')} of groups {verb} significantly in mean error ({tested}):"


def _difference(column: str, pair: Any, write: Write) -> str:
    first, second, *_ = [*map(_name, list_at(pair, "groups")), "?", "?"]
    value, low, high = estimate_at(pair, "difference")
    side = "above" if (value or 0) >= 0 else "below"
    size = write(None if value is None else abs(value))
    bounds = between(low, high, lambda bound: signed(bound, write))
    probability = number(number_at(pair, "adjusted_p_value"))
    apart = f"the mean error of {first} is {size} {side} that of {second}"
    return f"{words(column)}: {apart} (interval {bounds}, adjusted p-value {probability})"


def _name(group: Any) -> str:
    return str(group).replace("_", " ")


def _bounds(group: Any) -> tuple[float, float, float] | None:
    value, low, high = estimate_at(group, "mean_error")
    return None if low is None or value is None or high is None else (low, value, high)


def _axis(found: Iterable[tuple[float, float, float]]) -> Scale:
    """Return the axis that all intervals share: zero is on it."""
    values = [0.0, *(value for bounds in found for value in bounds)]
    low, high = min(values), max(values)
    return Scale(low, high if high > low else low + 1, 0.02, 0.98)


def _groups(groups: Mapping[str, Any], axis: Scale, write: Write) -> Iterator[Group]:
    for name, group in groups.items():
        value, low, high = estimate_at(group, "mean_error")
        bounds = between(low, high, lambda bound: signed(bound, write))
        yield Group(
            name=_name(name),
            rows=number(number_at(group, "rows")),
            mean_error=signed(value, write),
            interval=bounds,
            chart=_draw(group, axis, f"{_name(name)}: mean error {signed(value, write)}, interval {bounds}"),
            rmse=write(number_at(group, "rmse")),
        )


def _draw(group: Any, axis: Scale, title: str) -> Svg | None:
    bounds = _bounds(group)
    if bounds is None:
        return None
    low, value, high = map(axis, bounds)
    return interval(low, value, high, axis(0), title)
