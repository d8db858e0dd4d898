"""The proposed table of each column: its range, its known values, and how many may be missing or invalid."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from processing.contract.data_contract import MAXIMUM_VALUES, read_contract
from processing.proposal.dialect import RULES, Dialect, without_markers
from processing.proposal.document import Choices, Line, Table
from processing.proposal.export import Export
from processing.proposal.markers import find_markers
from processing.proposal.ranges import (
    YEARS_AFTER,
    YEARS_BEFORE,
    Days,
    Floats,
    Range,
    propose_days,
    propose_range,
    two_digits,
)
from processing.records.columns import IDENTIFIER, LABEL, MAXIMUM_TEXT, Column, Kind, Rule
from processing.records.recognition.findings import FormCounts
from processing.records.recognition.texts import look_alike_key
from processing.records.recognition.words import Form
from processing.records.validation import Mask, check

FEWEST = 5
"""Rows of a department that is told apart: what a model learns of fewer, it learns of persons."""

MOST_REJECTED = 0.05
"""With a larger share, it is not the values that are wrong: so much is never proposed to be rejected."""

MOSTLY = 0.5
"""Share of missing values from which on they are asked about, as where a report shows each department once."""

MAXIMUM_RMSE = 2_500
"""The default of the limit `MaximumRmse` in `settings/`."""

AGE = "age"

MEAN_SHIFT, SHARE_SHIFT = 0.5, 0.3
"""As in the project's own contract: what is usual only later exports show."""


@dataclass(frozen=True)
class Described:
    """A column's table, and what only a person can know of the column."""

    table: Table
    questions: Sequence[str] = ()


@dataclass(frozen=True)
class _Seen:
    """The values of a column that is there."""

    column: Column
    header_name: str
    dialect: Dialect
    rows: int
    texts: pa.StringArray
    """Those that are not missing."""

    def line(self, fault: str, count: int, *, at_least: float, at_most: float = 1.0, what: str = "") -> Line:
        """Return the limit of a *fault* that *count* values have, with room."""
        share = count / self.rows
        limit = min(max(at_least, math.ceil(150 * share + 1) / 100 if count else 0), at_most)
        return Line(f"maximum_{fault}_share", round(limit, 2), f"{what or fault}: {count:,} of {self.rows:,}")

    @property
    def missing(self) -> Line:
        """The limit of missing values; a row without a required one is rejected."""
        at_most = MOST_REJECTED if self.column.required else 1.0
        at_least = 0.02 if self.column.required else 0.1
        return self.line("missing", self.rows - len(self.texts), at_least=at_least, at_most=at_most)

    def invalid(self, count: int, what: str) -> Line:
        """Return the limit of invalid values, which are rejected."""
        return self.line("invalid", count, at_least=0.02, at_most=MOST_REJECTED, what=what)


def describe_column(export: Export, column: Column, dialect: Dialect) -> Described:
    """Return the proposed table of *column*."""
    texts = without_markers(export.texts.get(column, pa.array([], pa.string())), dialect.format)
    seen = _Seen(column, dialect.format.columns[column.source], dialect, export.rows, texts)
    describe = _identifier if column.source == IDENTIFIER else _DESCRIBE[column.read]
    described = describe(seen)
    missing = export.rows - len(texts)
    if not seen.header_name or missing < MOSTLY * export.rows:
        return described
    question = f"{seen.header_name}: {missing:,} of {export.rows:,} rows have no value; fill in what was left out"
    return replace(described, questions=[question, *described.questions])


def _table(seen: _Seen, kind: str, lines: Sequence[Line | Choices]) -> Table:
    comment = f"{seen.header_name!r} in the header" if seen.header_name not in ("", seen.column.source) else ""
    return Table(f"columns.{seen.column.source}", [Line("type", kind), *lines], comment)


def _identifier(seen: _Seen) -> Described:
    duplicate = len(seen.texts) - pc.count_distinct(seen.texts).as_py()
    lines: list[Line | Choices] = [
        seen.missing,
        seen.invalid(_count_too_long(seen.texts), f"longer than {MAXIMUM_TEXT} characters"),
        seen.line("duplicate", duplicate, at_least=0.02, at_most=MOST_REJECTED, what="of an employee that came before"),
    ]
    question = (
        f"{seen.header_name}: {duplicate:,} of {seen.rows:,} rows are of an employee that came before,"
        " and only one row of each is used: give one row per employee, or name another column"
    )
    questions = [question] if duplicate > MOST_REJECTED * seen.rows else []
    return Described(_table(seen, "identifier", lines), [*questions, *_ask_alike(seen)])


def _ask_alike(seen: _Seen) -> list[str]:
    """Say how many identifiers differ from another in nothing that people count."""
    different = pc.unique(seen.texts)
    bare = pc.replace_substring_regex(pc.utf8_lower(different), r"[\s\pZ\p{Cf}]+", "")
    alike = len(different) - pc.count_distinct(bare).as_py()
    question = (
        f"{seen.header_name}: {alike:,} of {len(different):,} are like another but for capital letters, spaces or"
        " invisible characters, and count as other employees: if they are not, write them alike"
    )
    return [question] if alike else []


def _number(seen: _Seen) -> Described:
    readable, questions = _read(seen)
    values = readable.to_numpy(zero_copy_only=False)
    found = propose_range(values, zero_is_usual=seen.column.source == LABEL) if len(values) else None
    if found and seen.column.source == LABEL:
        questions += _ask_unit(seen, values[(values >= found.minimum) & (values <= found.maximum)])
    questions += _ask_markers(seen, values)
    outside = len(seen.texts) - len(values) + (found.outside if found else 0)
    lines = [
        *_bounds(seen, found, "with room; what is far from the others is left out", "the same"),
        seen.missing,
        seen.invalid(outside, "no number of this range or form"),
        Line("maximum_mean_shift", MEAN_SHIFT, "in standard deviations of the data of the model in production"),
    ]
    return Described(_table(seen, "number", lines), questions)


def _ask_markers(seen: _Seen, values: Floats) -> Iterator[str]:
    for found in find_markers(seen.column, seen.texts, values, seen.dialect.format):
        advice = Form("", {"missing": found.texts}).advice(seen.dialect.format)
        yield (
            f"{seen.header_name}: {found.number:.10g} stands in {found.count:,} of {seen.rows:,} rows, far more often"
            f" than numbers near it: if it means that there is none, {advice}, for all columns"
        )


def _date(seen: _Seen) -> Described:
    readable, questions = _read(seen)
    days = readable.cast(pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
    found = propose_days(days) if len(days) else None
    outside = len(seen.texts) - len(days) + (found.outside if found else 0)
    first, last = "years before the first, but for single ones far off", "years after the last: move it on in time"
    lines = [
        *_bounds(seen, found, f"{YEARS_BEFORE} {first}", f"{YEARS_AFTER} {last}"),
        seen.missing,
        seen.invalid(outside, "no date of this range or form"),
    ]
    return Described(_table(seen, "date", lines), questions)


def _bounds(seen: _Seen, found: Range | Days | None, minimum: str, maximum: str) -> list[Line]:
    """Return the lines of a range with their comments; where there is no value, those of the project's own contract."""
    if found:
        return [Line("minimum", found.minimum, minimum), Line("maximum", found.maximum, maximum)]
    bounds = read_contract().rules[seen.column.source].bounds or ()
    comment = "as in the project's own contract: there is no value to go by"
    return [Line(key, bound, comment) for key, bound in zip(("minimum", "maximum"), (*bounds,), strict=True)]


def _category(seen: _Seen) -> Described:
    counts = {each["values"]: each["counts"] for each in pc.value_counts(seen.texts).to_pylist()}
    known, alike = _part_values(counts)
    listed = sorted(list(known.values())[:MAXIMUM_VALUES])
    similar = sum(counts[value] for value in alike)
    unknown = len(seen.texts) - sum(counts[value] for value in listed) - similar
    rare = len(counts) - len(listed) - len(alike)
    comment = (
        f"not listed, and read as unknown: {unknown:,} rows of {rare:,} others, of which few have a row" if rare else ""
    )
    lines: list[Line | Choices] = [
        Choices(
            "values",
            {value: f"{counts[value]:,}" for value in listed} or {"unknown": "there is no department"},
            comment,
        ),
        seen.missing,
        seen.invalid(similar + _count_too_long(seen.texts), "too long, or spelt almost like one of the values"),
        seen.line("unknown", unknown, at_least=0.05, at_most=0.5, what="none of the values"),
        Line(
            "maximum_share_shift",
            SHARE_SHIFT,
            "rows that would have to change to give the shares of the model in production",
        ),
    ]
    shown = "; ".join(f"{value!r} ({counts[value]:,}) like {known[look_alike_key(value)]!r}" for value in alike[:5])
    questions = [f"{seen.header_name}: {shown}: spell them alike, or their rows are rejected"] if alike else []
    if unknown > seen.rows / 2:
        questions.append(
            f"{seen.header_name}: {len(counts):,} different values in {len(seen.texts):,} rows, which is not like"
            " departments: name another column, leave it out or, if they are departments, add them to values in"
            f" [columns.{seen.column.source}]"
        )
    return Described(_table(seen, "category", lines), questions)


def _part_values(counts: Mapping[str, int]) -> tuple[dict[str, str], list[str]]:
    """Return the values that may be listed, by what people see of them, and those that look like one of these."""
    known: dict[str, str] = {}
    alike = []
    for value in sorted(counts, key=lambda value: (-counts[value], value)):
        if look_alike_key(value) in known:
            alike.append(value)
        elif counts[value] >= FEWEST and len(value) <= MAXIMUM_TEXT:
            known[look_alike_key(value)] = value
    return known, alike


def _profile(seen: _Seen) -> Described:
    unreadable = ~check(seen.column, seen.texts, RULES[seen.column.read], seen.dialect.format).valid
    lines: list[Line | Choices] = [
        seen.missing,
        seen.invalid(int(unreadable.sum()), "no JSON object whose address is text"),
    ]
    return Described(_table(seen, "profile", lines), _ask_unreadable(seen, unreadable, RULES[seen.column.read]))


_DESCRIBE: Mapping[Kind, Callable[[_Seen], Described]] = {
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TEXT: _category,
    Kind.ADDRESS_LENGTH: _profile,
}


def _read(seen: _Seen) -> tuple[pa.Array, list[str]]:
    """Return the values that can be read, and what is to be asked where many cannot."""
    rule, form = RULES[seen.column.read], seen.dialect.format
    checked = check(seen.column, seen.texts, rule, form)
    values = checked.values.filter(pa.array(checked.valid))
    return values, [*_ask_unreadable(seen, ~checked.valid, rule), *_ask_unusual(seen, values)]


def _ask_unusual(seen: _Seen, values: pa.Array) -> list[str]:
    """Say where values are hardly what the column's name says, though they can be read."""
    if len(values) >= FEWEST and pc.count_distinct(values).as_py() == 1 and seen.column.source != LABEL:
        return [f"{seen.header_name}: all {len(values):,} values are the same, of which nothing is learnt"]
    bounds = read_contract().rules[AGE].bounds
    if seen.column.source != AGE or bounds is None or not len(values):
        return []
    within = pc.and_(pc.greater_equal(values, bounds[0]), pc.less_equal(values, bounds[1]))
    if 2 * pc.sum(within).as_py() >= len(values):
        return []
    return [f"{seen.header_name}: most values are no age in years; if they are years of birth, name another column"]


def _ask_unreadable(seen: _Seen, unreadable: Mask, rule: Rule) -> list[str]:
    """Say what form the values have that cannot be read, where these are many."""
    count = int(unreadable.sum())
    if count <= MOST_REJECTED * seen.rows:
        return []
    forms = FormCounts(seen.column, rule, seen.dialect.format)
    forms.add(seen.texts.filter(pa.array(unreadable)), "", np.flatnonzero(unreadable))
    what = [f"{found.form.name}; {found.advice or 'correct them'}" for found in forms.find()]
    remedy = "or leave the column out" if seen.column.may_be_absent else "or name another column"
    return [
        f"{seen.header_name}: {count:,} of {seen.rows:,} values are {rule.fault}: {'; '.join(what) or 'correct them'},"
        f" {remedy} in [format.columns]"
    ]


def _count_too_long(texts: pa.StringArray) -> int:
    return int(pc.sum(pc.greater(pc.utf8_length(texts), MAXIMUM_TEXT)).as_py() or 0)


def _ask_unit(seen: _Seen, values: Floats) -> list[str]:
    """Say in what the labels *values* are, and so predictions, and what that means for the limit of the RMSE."""
    if "%" in seen.header_name or pc.any(pc.match_substring(seen.texts, "%")).as_py():
        unit = "a share of 1" if len(values) and values.max() <= 1 else "per cent"
        return [
            f"{seen.header_name}: the bonus is in {unit}, not an amount: so are predictions, RMSE and the limit"
            f" MaximumRmse, which is {MAXIMUM_RMSE:,} unless the stage sets it"
        ]
    rmse = two_digits(float(values.std()) / 2**0.5) if len(values) else 0
    if rmse <= MAXIMUM_RMSE:
        return []
    return [
        f"{seen.header_name}: a model that explains half of the variance has an RMSE of {rmse:,.0f}, more than"
        f" MaximumRmse, which is {MAXIMUM_RMSE:,} unless the stage sets QualityGate(defaults={{'MaximumRmse': ...}})"
    ]
