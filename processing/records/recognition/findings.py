"""Finds in what undeclared forms the unusable values of a column are, and counts them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.records.columns import Column, Kind, Rule
from processing.records.format import Format
from processing.records.recognition.dates import recognize_date, resolve_dates
from processing.records.recognition.numbers import recognize_number, resolve_numbers
from processing.records.recognition.profiles import recognize_profile
from processing.records.recognition.texts import (
    MISSING_MARKERS,
    join_markers,
    look_alike_key,
    recognize_look_alike,
    recognize_marker,
)
from processing.records.recognition.words import Form, shorten

SAMPLE = 1_000
"""Values of a column that are looked at together."""

MAXIMUM_SHAPES = 2_000
"""Shapes that are looked at: a column of free text has one per row."""

_RESOLVERS: Mapping[Kind, Callable[[Sequence[str], Format, Any], Form | None]] = {
    Kind.NUMBER: resolve_numbers,
    Kind.DATE: resolve_dates,
}


@dataclass(frozen=True)
class Finding:
    """Values of one undeclared form, and where the first of them stands."""

    form: Form
    count: int
    file: str
    row: int
    advice: str

    @property
    def origin(self) -> str:
        """Where the first of them stands, and what to do."""
        return f"first in {shorten(self.file)}, row {self.row}{': ' if self.advice else ''}{self.advice}"


class Recognizer:
    """Recognises the forms of values of a column that are not as declared."""

    def __init__(self, column: Column, rule: Rule, declared: Format) -> None:
        self._kind = column.read
        self._known = {look_alike_key(each): each for each in rule.known or ()}
        self._declared = declared
        self._forms: dict[str, Form | None] = {}
        """By shape; what was once recognised need not be again."""

    def recognize(self, values: pa.StringArray) -> list[Form | None]:
        """Return the form of each of *values*, trimmed texts that are no use as they are; None where it is unknown."""
        shapes = values
        if self._kind in (Kind.NUMBER, Kind.DATE):
            is_marker = pc.is_in(pc.utf8_lower(values), value_set=pa.array(sorted(MISSING_MARKERS)))
            shapes = pc.if_else(is_marker, values, pc.replace_substring_regex(values, r"\d", "1"))
        return [self._recognize_shape(shape) for shape in shapes.to_pylist()]

    def _recognize_shape(self, shape: str) -> Form | None:
        if self._kind is Kind.ADDRESS_LENGTH:  # of which no two are the same
            return recognize_marker(shape) or recognize_profile(shape)
        if shape not in self._forms and len(self._forms) < MAXIMUM_SHAPES:
            self._forms[shape] = recognize_marker(shape) or self._recognize_text(shape)
        return self._forms.get(shape)

    def _recognize_text(self, shape: str) -> Form | None:
        match self._kind:
            case Kind.NUMBER:
                return recognize_number(shape, self._declared)
            case Kind.DATE:
                return recognize_date(shape, self._declared)
        return recognize_look_alike(shape, self._known)


class FormCounts:
    """Counts the unusable values of a column by their form."""

    def __init__(self, column: Column, rule: Rule, declared: Format) -> None:
        self._kind, self._bounds, self._declared = column.read, rule.bounds, declared
        self._recognizer = Recognizer(column, rule, declared)
        self._counts: Counter[Form] = Counter()
        self._first: dict[Form, tuple[str, int]] = {}
        self._sample: list[str] = []

    def add(self, values: pa.StringArray, file: str, rows: npt.NDArray[np.int64]) -> None:
        """Take in *values*, trimmed texts that are of no use as they are, from *rows* of *file*."""
        forms = self._recognizer.recognize(values)
        for form, row in zip(forms, rows.tolist(), strict=True):
            if form:
                self._counts[form] += 1
                self._first.setdefault(form, (file, row))
        others = [index for index, form in enumerate(forms) if form and not form.is_marker]
        self._sample += values.take(pa.array(others[: SAMPLE - len(self._sample)], pa.int64())).to_pylist()

    def merge(self, other: "FormCounts", rows_above: int) -> None:
        """Take in what *other* counted in rows behind these; so many rows of their file stand above."""
        self._counts.update(other._counts)
        for form, (file, row) in other._first.items():
            self._first.setdefault(form, (file, row + rows_above))
        self._sample += other._sample[: SAMPLE - len(self._sample)]

    def find(self) -> list[Finding]:
        """Return what was found: missing markers as one finding, all other forms as another."""
        markers, others = ([form for form in self._counts if form.is_marker is each] for each in (True, False))
        found = [self._finding(join_markers(markers), markers)] if markers else []
        if others:
            form = self._resolve(others)
            found += [self._finding(form, others)] if form else []
        return found

    def _most_frequent(self, forms: Sequence[Form]) -> Form:
        most, *others = sorted(forms, key=self._counts.__getitem__, reverse=True)
        return replace(most, name=f"{most.name}, or of {len(others)} forms like it") if others else most

    def _finding(self, form: Form, counted: Sequence[Form]) -> Finding:
        file, row = self._first[counted[0]]  # counted in the order of the rows
        return Finding(form, sum(self._counts[each] for each in counted), file, row, form.advice(self._declared))

    def _resolve(self, forms: Sequence[Form]) -> Form | None:
        """Return what the values have in common: one by itself may be ambiguous."""
        if resolve := _RESOLVERS.get(self._kind):
            return resolve(self._sample, self._declared, self._bounds)
        return self._most_frequent(forms)
