"""Which raw columns carry the predictions, and what one of them changes alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from artefacts.documents import list_at, mapping_at, number_at
from execution_report.charts.bars import bar, signed_bar
from execution_report.charts.svg import Svg
from execution_report.sources import Document
from execution_report.wording import alike, number, shortened, signed, words


@dataclass(frozen=True)
class Column:
    """A raw column, and what the model owes to it."""

    name: str
    importance: str
    bar: Svg | None
    r2: str
    """Of a model without it."""
    change: str


@dataclass(frozen=True)
class Change:
    """What a value of a column changes in a prediction."""

    value: str
    effect: str
    bar: Svg | None


@dataclass(frozen=True)
class Effect:
    """What a column changes alone."""

    column: str
    reference: str
    changes: list[Change]


@dataclass(frozen=True)
class Explanations:
    """All that the page says of what predictions are made of."""

    baseline: str
    """The prediction that contributions are added to."""
    r2: str
    """Of a model with all columns."""
    columns: list[Column]
    effects: list[Effect]


def explanations(document: Document) -> Explanations:
    """Return what *document*, an `evaluation.json`, says of its model's predictions."""
    found = mapping_at(document, "explanations")
    return Explanations(
        number(number_at(found, "baseline")),
        number(number_at(found, "r2", "least_squares")),
        list(_columns(found)),
        [_effect(name, each) for name, each in mapping_at(found, "effects").items()],
    )


def _columns(found: Any) -> Iterator[Column]:
    """Yield the columns, the most important first."""
    importance, r2 = mapping_at(found, "importance"), mapping_at(found, "r2", "without")
    sizes = {name: number_at(importance, name) for name in {**importance, **r2}}
    largest = max((size for size in sizes.values() if size is not None), default=0.0) or 1.0
    with_all = number_at(found, "r2", "least_squares")
    write, write_r2 = alike(sizes.values()), alike([1e-2, with_all])
    for name, size in sorted(sizes.items(), key=lambda each: -(each[1] or 0)):
        without = number_at(r2, name)
        change = None if without is None or with_all is None else without - with_all
        drawn = None if size is None else bar(size / largest, f"{words(name)}: {write(size)}")
        yield Column(words(name), write(size), drawn, write_r2(without), signed(change, write_r2))


def _effect(name: str, effect: Any) -> Effect:
    found = [(each, number_at(each, "effect")) for each in list_at(effect, "values")]
    sizes = [abs(size) for _, size in found if size is not None]
    largest, write = max(sizes, default=0.0) or 1.0, alike(sizes)
    changes = []
    for each, size in found:
        value, written = shortened(number_at(each, "value")), signed(size, write)
        drawn = None if size is None else signed_bar(size / largest, f"{words(name)} {value}: {written}")
        changes.append(Change(value, written, drawn))
    return Effect(words(name), shortened(number_at(effect, "reference")), changes)
