"""Finds out how numbers and dates are written, by trying: the way of writing that reads most values is proposed.

What is tried reads as the jobs read. Where two ways read as many, the person is asked.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from processing.records.columns import Column, Kind, Rule
from processing.records.format import EXCEL, SAME_MARKS, Format
from processing.records.recognition.dates import FROM_1900, possible_formats
from processing.records.recognition.numbers import recognize_number
from processing.records.recognition.texts import is_missing_marker
from processing.records.validation import check

SAMPLE = 5_000
"""Values, evenly spaced, that ways of writing are tried on."""

MARKS = ((".", ""), (",", ""), (".", ","), (",", "."), (".", "'"), (",", " "), (".", " "), (",", "'"))
"""Pairs of decimal and thousands mark, the most usual first."""

PLAUSIBLE_DATES = (date(1900, 1, 1), date(2100, 12, 31))
"""Somebody in an export was hired then: 43831 is a serial number of Excel's, and no day of the year 4383."""

FEW = 20
"""Numbers with a mark before three digits, from which on it is surely one of thousands."""

_UNIT_LIST = "$ € £ ¥ ₹ US$ A$ C$ R$ CHF EUR USD GBP JPY INR AUD CAD NZD SEK NOK DKK PLN CZK kr zł Kč %"
UNITS = frozenset(_UNIT_LIST.split())
"""Signs of which another one means another amount."""

LONG_MARKER = 20
"""Characters; markers of missing values are shorter."""

USUAL = 0.01
"""Share of a column's values that have a sign, for it to be declared: a single one is an error."""

RULES: Mapping[Kind, Rule] = {
    Kind.NUMBER: Rule(fault="not a number", bounds=(-1e30, 1e30)),
    Kind.DATE: Rule(fault="not a date", bounds=PLAUSIBLE_DATES),
    Kind.ADDRESS_LENGTH: Rule(fault="not a JSON object whose address is text"),
}
"""What can be read at all."""

Texts = Mapping[Column, pa.StringArray]
"""The values of columns, trimmed; none is empty."""


@dataclass
class Dialect:
    """How values are written, and what is to be said of it."""

    format: Format
    notes: dict[str, str] = field(default_factory=dict)
    """What was seen, by key of [format]."""
    questions: list[str] = field(default_factory=list)
    """What only a person can know."""


def find_dialect(texts: Texts, layout: Format) -> Dialect:
    """Return how *texts*, of files of this *layout*, are written."""
    dialect = Dialect(layout)
    _find_missing_markers(texts, dialect)
    present = {column: without_markers(each, dialect.format) for column, each in texts.items()}
    samples = {column: _sample(each) for column, each in present.items() if len(each)}
    numbers = {column: each for column, each in samples.items() if column.read is Kind.NUMBER}
    if numbers:
        _find_signs(numbers, dialect)
        _find_marks(numbers, dialect)
    for column, each in samples.items():
        if column.read is Kind.DATE:
            _find_date_format(column, each, dialect)
    return dialect


def without_markers(texts: pa.StringArray, form: Format) -> pa.StringArray:
    """Return *texts* without those that mean a missing value."""
    return texts.filter(pc.not_equal(form.blank_missing(texts), ""))


def count_readable(column: Column, texts: pa.StringArray, form: Format) -> int:
    """Return how many of *texts* can be read in this *form*."""
    return int(check(column, texts, RULES[column.read], form).valid.sum())


def _sample(texts: pa.StringArray) -> pa.StringArray:
    step = max(1, len(texts) // SAMPLE)
    return texts.take(pa.array(np.arange(0, len(texts), step)))


def _find_missing_markers(texts: Texts, dialect: Dialect) -> None:
    seen: Counter[str] = Counter()
    where: dict[str, list[str]] = {}
    for column, each in texts.items():
        short = each.filter(pc.less(pc.utf8_length(each), LONG_MARKER))
        for text, count in zip(*(part.to_pylist() for part in pc.value_counts(short).flatten()), strict=True):
            if is_missing_marker(text):
                seen[text] += count
                where.setdefault(text, []).append(column.source)
    if seen:
        dialect.format = replace(dialect.format, missing=tuple(sorted(seen)))
        dialect.notes["missing"] = "; ".join(
            f"{seen[each]:,} {each} in {', '.join(where[each])}" for each in sorted(seen)
        )


def _find_signs(numbers: Texts, dialect: Dialect) -> None:
    """Find the currency and per cent signs that are to be dropped."""
    found: dict[str, list[str]] = {}
    for column, texts in numbers.items():
        forms = [recognize_number(text, Format()) for text in texts.to_pylist()]
        counts = Counter(frozenset(form.settings.get("drop", ()) if form else ()) for form in forms)
        usual = [signs for signs, count in counts.items() if count >= USUAL * len(texts)]
        for sign in sorted(frozenset[str]().union(*usual)):
            found.setdefault(sign, []).append(column.source)
        units = {signs & UNITS for signs in usual}
        if len(units - {frozenset()}) > 1 or {frozenset(), frozenset("%")} <= units:
            shown = ", ".join(sorted(" ".join(sorted(each)) or "no sign" for each in units))
            dialect.questions.append(
                f"{dialect.format.columns[column.source]}: some values have other signs than others ({shown}),"
                " and all are read as if they had the same: convert them, if they are not of one unit"
            )
    if found:
        dialect.format = replace(dialect.format, drop=tuple(sorted(found)))
        dialect.notes["drop"] = "; ".join(f"{sign} in {', '.join(found[sign])}" for sign in sorted(found))


def _find_marks(numbers: Texts, dialect: Dialect) -> None:
    """Find the decimal and the thousands mark: one for all columns."""
    marked = {mark: _with_mark(numbers, mark) for _, mark in MARKS if mark}
    forms = [
        replace(dialect.format, decimal_mark=decimal, thousands_mark=mark)
        for decimal, mark in MARKS
        if not mark or _count(marked[mark])
    ]
    counts = [_count_all(numbers, form) for form in forms]
    best = [form for form, count in zip(forms, counts, strict=True) if count == max(counts)]
    # Where all numbers with a mark have three digits behind it, it is more probably one of thousands.
    thousands = [each for each in best if (mark := each.thousands_mark) and _reads_most(marked[mark], each)]
    chosen = dialect.format = thousands[0] if thousands else best[0]
    read = f"reads {max(counts):,} of {_count(numbers):,} numbers that were tried"
    dialect.notes |= {"decimal_mark": read, "thousands_mark": read}
    dialect.questions += _ask_other_marks(numbers, dialect)
    mark = chosen.thousands_mark
    if mark and chosen is not best[0] and _count(marked[mark]) < FEW:
        dialect.questions.append(
            f"numbers: {mark!r} has three digits behind it in all of them, and is taken for a mark of thousands;"
            f' if it is the decimal mark, write decimal_mark = "{mark}" and thousands_mark = ""'
        )


def _ask_other_marks(numbers: Texts, dialect: Dialect) -> Iterator[str]:
    """Say which columns have another decimal mark than the others."""
    form = dialect.format
    other = {",": ".", ".": ","}[form.decimal_mark]
    swapped = replace(form, decimal_mark=other, thousands_mark=form.decimal_mark)
    for column, texts in numbers.items():
        count = count_readable(column, texts, swapped)
        if count > count_readable(column, texts, form):
            yield (
                f"{form.columns[column.source]}: {count:,} of {len(texts):,} numbers that were tried have decimal_mark"
                f' = "{other}", other columns "{form.decimal_mark}", and one is declared for all: write all alike'
            )


def _with_mark(numbers: Texts, mark: str) -> Texts:
    """Return which numbers have *mark* between digits."""
    pattern = rf"\d[{re.escape(SAME_MARKS.get(mark, mark))}]\d"
    return {column: texts.filter(pc.match_substring_regex(texts, pattern)) for column, texts in numbers.items()}


def _count(texts: Texts) -> int:
    return sum(map(len, texts.values()))


def _count_all(texts: Texts, form: Format) -> int:
    return sum(count_readable(*each, form) for each in texts.items())


def _reads_most(texts: Texts, form: Format) -> bool:
    return _count_all(texts, form) >= 0.9 * _count(texts)


def _find_date_format(column: Column, texts: pa.StringArray, dialect: Dialect) -> None:
    found = dict.fromkeys(each for text in texts.to_pylist() for each in possible_formats(text))
    forms = [replace(dialect.format, date_format=each) for each in dict.fromkeys([Format.date_format, *found])]
    counts = [count_readable(column, texts, form) for form in forms]
    best = [form for form, count in zip(forms, counts, strict=True) if count == max(counts)]
    # Ways that read no more than half are of different files or systems, and none is a guess at the others.
    is_mixed = 2 * max(counts) <= len(texts)
    dialect.format = best[0] if len(best) == 1 or is_mixed else _decide(best, column, texts, dialect)
    if dialect.format.date_format == EXCEL:
        dialect.questions.append(f"{dialect.format.columns[column.source]}: Excel's serial day numbers, {FROM_1900}")
    dialect.notes["date_format"] = f"reads {max(counts):,} of {len(texts):,} dates that were tried"


def _decide(best: Sequence[Format], column: Column, texts: pa.StringArray, dialect: Dialect) -> Format:
    """Return one of the forms that read as many dates; ask, unless by one of them all are the same day of a month."""
    for form in best:
        days = pc.day(check(column, texts, RULES[Kind.DATE], form).values)
        if len(texts) >= FEW and pc.count_distinct(days).as_py() == 1:
            return form
    american = [form for form in best if form.date_format.startswith("%m")]
    chosen = american[0] if american and "$" in dialect.format.drop else best[0]
    others = " or ".join(f'"{form.date_format}"' for form in best if form is not chosen)
    dialect.questions.append(
        f"{dialect.format.columns[column.source]}: no date tells which number is the day;"
        f" {chosen.date_format} is a guess: if it is wrong, write date_format = {others}"
    )
    return chosen
