"""What the data-quality step found: violations, then each column in figures and as a small picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.documents import as_number, list_at, mapping_at, number_at, numbers_at, text_at
from execution_report.charts.bars import bar
from execution_report.charts.histogram import small_histogram
from execution_report.charts.svg import Svg
from execution_report.sources import Document
from execution_report.wording import alike, anything, counted, number, share, words

LEFT_OUT = ("type", "count", "missing", "invalid", "histogram", "values")
"""Fields of a column that are shown apart; any other figure is listed."""
SHOWN_VALUES = 12
"""Of a category: the rest is summed up."""


@dataclass(frozen=True)
class Violation:
    """A rule of the data contract that the data broke."""

    rule: str
    column: str
    text: str
    count: str
    found: str
    limit: str


@dataclass(frozen=True)
class Column:
    """One row of the table of columns."""

    name: str
    type: str
    count: str
    missing: str
    invalid: str
    statistics: list[tuple[str, str]]
    """Name and figure of whatever else is known."""


@dataclass(frozen=True)
class Value:
    """One value of a category."""

    name: str
    count: str
    share: str
    bar: Svg


@dataclass(frozen=True)
class Distribution:
    """How the values of one column are spread: a histogram of numbers, or the values of a category."""

    name: str
    low: str = ""
    high: str = ""
    histogram: Svg | None = None
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class DataQuality:
    """All that the page says of the data."""

    summary: str
    violations: list[Violation]
    columns: list[Column]
    distributions: list[Distribution]


def data_quality(document: Document) -> DataQuality:
    """Return what *document*, a `data_quality.json`, says."""
    columns = mapping_at(document, "columns")
    distributions = [_distribution(name, column) for name, column in columns.items()]
    return DataQuality(
        _summary(document),
        [_violation(each) for each in list_at(document, "violations")],
        [_column(name, column) for name, column in columns.items()],
        [each for each in distributions if each],
    )


def _summary(document: Document) -> str:
    rows = f"{counted(number_at(document, 'rows'), 'row')} read"
    malformed = number_at(document, "malformed_records") or number_at(document, "misshapen")  # as version 1 has it
    shape = f", and {counted(malformed, 'record')} with more or fewer columns than the header" if malformed else ""
    if not mapping_at(document, "baseline"):
        return f"{rows}{shape}. There was no baseline, the data of the model in production, to compare with."
    earlier = counted(number_at(document, "baseline", "rows"), "row")
    version = text_at(document, "baseline", "data_version")
    return f"{rows}{shape}. Compared with the baseline, {earlier} of data version {version}."


def _violation(violation: Any) -> Violation:
    rule = text_at(violation, "rule")
    write = share if "share" in rule else number
    return Violation(
        rule=words(rule),
        column=text_at(violation, "column"),
        text=text_at(violation, "text"),
        count=number(number_at(violation, "count")),
        found=write(number_at(violation, "found")),
        limit=write(number_at(violation, "limit")),
    )


def _column(name: str, column: Any) -> Column:
    shown = {field: number(number_at(column, field)) for field in ("count", "missing", "invalid")}
    return Column(name=name, type=text_at(column, "type"), statistics=_statistics(column), **shown)


def _statistics(column: Any) -> list[tuple[str, str]]:
    """Return the figures of *column*, and those of its objects but the distributions, whatever they are called."""
    figures = {name: value for name, value in mapping_at(column).items() if name not in LEFT_OUT}
    write = alike(as_number(value) for value in figures.values() if isinstance(value, float))
    found = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            found += [(f"{words(name)} {label}", figure) for label, figure in _statistics(value)]
        elif not isinstance(value, list):
            found.append((words(name), anything(value, write)))
    return found


def _distribution(name: str, column: Any) -> Distribution | None:
    counts, bounds = numbers_at(column, "histogram", "counts"), numbers_at(column, "histogram", "bounds")
    if any(counts) and len(bounds) == len(counts) + 1:
        return _histogram(name, counts, bounds)
    values = {value: as_number(count) or 0 for value, count in mapping_at(column, "values").items()}
    return Distribution(name, values=_values(values)) if values else None


def _histogram(name: str, counts: list[float], bounds: list[float]) -> Distribution:
    """Draw the bins from the first to the last that is not empty: the contract's range is far wider than the data."""
    filled = [index for index, count in enumerate(counts) if count]
    first, last = filled[0], filled[-1] + 1
    low, high = number(bounds[first]), number(bounds[last])
    most = max(range(len(counts)), key=counts.__getitem__)
    peak = f"most, {number(counts[most])}, from {number(bounds[most])} to {number(bounds[most + 1])}"
    title = f"{name}: {counted(sum(counts), 'row')} from {low} to {high}; {peak}"
    return Distribution(name, low, high, small_histogram(counts[first:last], title))


def _values(counts: Mapping[str, float]) -> tuple[Value, ...]:
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    shown, rest = ordered[:SHOWN_VALUES], ordered[SHOWN_VALUES:]
    if rest:
        shown.append((f"{number(len(rest))} others", sum(count for _, count in rest)))
    total, highest = sum(counts.values()) or 1, max(count for _, count in shown) or 1
    return tuple(
        Value(value, number(count), share(count / total), bar(count / highest, f"{value}: {number(count)}"))
        for value, count in shown
    )
