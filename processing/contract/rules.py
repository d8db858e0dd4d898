"""Compares the figures of a data set with the contract's limits, and with the baseline."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from processing.contract.data_contract import FILE_NAME, Category, Column, Contract, Limits, Number
from processing.contract.report import FILE_NAME as REPORT
from processing.contract.report import Figures
from processing.records.columns import LABEL
from processing.records.recognition.findings import Finding, FormCounts

MAXIMUM_MESSAGE_BYTES = 1_000
"""SageMaker shows the first 1 KB."""


NO_FORMS: Mapping[str, FormCounts] = {}


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One limit that the data exceeds."""

    rule: str
    """The limit's name in the contract."""
    column: str | None
    """None where it is about the data as a whole."""
    count: int
    """The values or rows at fault; where the data drifted, those it was seen in."""
    limit: float
    found: float
    """In the unit of the limit."""
    text: str
    """For people: what was found, and the limit; never a data value."""
    file: str | None = None
    """Where the first row at fault stands; None where it is not about single rows."""
    row: int | None = None


def find_violations(
    figures: Figures, baseline: Figures | None, contract: Contract, forms: Mapping[str, FormCounts] = NO_FORMS
) -> list[Violation]:
    """Return every limit of *contract* that *figures* exceed, those of the whole data first.

    *forms*, by column, say in what undeclared forms its invalid values are.
    """
    found = [*_of_the_whole(figures, contract.limits), *_constant_label(figures)]
    if baseline:
        found += _row_loss(figures, baseline, contract.limits)
    for name, column in contract.columns.items():
        found += _of_column(name, column, figures, forms.get(name))
        if baseline:
            found += _drift(name, column, figures.columns[name], baseline.columns.get(name, {}))
    return found


def summarize(violations: list[Violation]) -> str:
    """Return one line that names as many of *violations* as there is room for, and ends with the remedy."""
    texts = [violation.text for violation in violations]
    lines = (_line(texts[:shown], len(texts) - shown) for shown in range(len(texts), 0, -1))
    return next(line for line in lines if len(line.encode()) < MAXIMUM_MESSAGE_BYTES)


def _line(texts: list[str], left_out: int) -> str:
    more = [f"and {left_out} more: see {REPORT}"] if left_out else []
    listed = "; ".join([*texts, *more])
    return f"data contract violated: {listed}; correct the data or, if it is as it should be, the limits in {FILE_NAME}"


def _of_the_whole(figures: Figures, limits: Limits) -> Iterator[Violation]:
    if figures.rows < limits.minimum_rows:
        yield Violation(
            rule="minimum_rows",
            column=None,
            count=figures.rows,
            limit=limits.minimum_rows,
            found=figures.rows,
            text=f"{figures.rows:,} rows, fewer than {limits.minimum_rows:,}",
        )
    share = figures.malformed / (figures.rows + figures.malformed)
    if share > limits.maximum_malformed_share:
        percent, most = _percents(share, limits.maximum_malformed_share)
        records = f"{figures.malformed:,} of {figures.rows + figures.malformed:,} records"
        yield Violation(
            rule="maximum_malformed_share",
            column=None,
            count=figures.malformed,
            limit=limits.maximum_malformed_share,
            found=share,
            text=f"{records} with a wrong number of columns ({percent}), more than {most}",
        )


def _row_loss(figures: Figures, baseline: Figures, limits: Limits) -> Iterator[Violation]:
    lost = baseline.rows - figures.rows
    share, limit = lost / baseline.rows, limits.maximum_row_loss_share
    if share > limit:
        percent, most = _percents(share, limit)
        yield Violation(
            rule="maximum_row_loss_share",
            column=None,
            count=lost,
            limit=limit,
            found=share,
            text=f"{figures.rows:,} rows, {percent} fewer than the baseline's {baseline.rows:,}, more than {most}",
        )


def _of_column(name: str, column: Column, figures: Figures, forms: FormCounts | None) -> Iterator[Violation]:
    faults = {"missing": "missing", "invalid": column.rule.fault, "duplicate": "duplicate", "unknown": "unknown"}
    limits = {
        fault: limit for fault in faults if (limit := getattr(column, f"maximum_{fault}_share", None)) is not None
    }
    for fault, limit in limits.items():
        count = figures.columns[name][fault]
        share = count / figures.rows
        if share > limit:
            percent, most = _percents(share, limit)
            exceeded = f"({percent}), more than {most}"
            found = forms.find() if forms and fault == "invalid" else []
            yield Violation(
                rule=f"maximum_{fault}_share",
                column=name,
                count=count,
                limit=limit,
                found=share,
                text=f"{name}: {count:,} of {figures.rows:,} values {_describe(count, faults[fault], found, exceeded)}",
                file=found[0].file if found else None,
                row=found[0].row if found else None,
            )


def _describe(count: int, fault: str, forms: Sequence[Finding], exceeded: str) -> str:
    """Return what is wrong with *count* values: in which undeclared forms they are, or else their *fault*."""
    if not forms:
        return f"{fault} {exceeded}"
    if forms[0].count == count:
        return f"{forms[0].form.name} {exceeded}, {forms[0].origin}"
    parts = [f"{each.count:,} {each.form.name}, {each.origin}" for each in forms]
    rest = count - sum(each.count for each in forms)
    return f"invalid {exceeded}: {', '.join(parts + [f'{rest:,} {fault}'] * bool(rest))}"


def _constant_label(figures: Figures) -> Iterator[Violation]:
    label = figures.columns[LABEL]
    if label["count"] > 1 and label.get("minimum") == label.get("maximum"):
        yield Violation(
            rule="constant_label",
            column=LABEL,
            count=label["count"],
            limit=2,
            found=1,
            text=f"{LABEL}: all {label['count']:,} values are equal: nothing can be learnt",
        )


def _drift(name: str, column: Column, now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Violation]:
    """Compare what both data sets have values of; that a column has none is for other rules to find."""
    if before.get("type") != now["type"] or not before["count"] or not now["count"]:
        return
    match column:
        case Number():
            yield from _mean_shift(name, column.maximum_mean_shift, now, before)
        case Category():
            yield from _share_shift(name, column.maximum_share_shift, now, before)


def _mean_shift(name: str, limit: float, now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Violation]:
    deviation = before.get("standard_deviation")
    if not deviation:  # the baseline's values are all the same: there is no scale to measure by
        return
    shift = abs(now["mean"] - before["mean"]) / deviation
    if shift > limit:
        amount, most = _apart(shift, limit, "f")
        yield Violation(
            rule="maximum_mean_shift",
            column=name,
            count=now["count"],
            limit=limit,
            found=shift,
            text=f"{name}: mean {now['mean']:,.6g}, {amount} standard deviations from the baseline's"
            f" {before['mean']:,.6g}, more than {most}",
        )


def _share_shift(name: str, limit: float, now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Violation]:
    today, then = _shares(now), _shares(before)
    changes = {value: today.get(value, 0.0) - then.get(value, 0.0) for value in today | then}
    distance = sum(map(abs, changes.values())) / 2
    if distance > limit:
        percent, most = _percents(distance, limit)
        largest = max(changes, key=lambda value: abs(changes[value]))
        yield Violation(
            rule="maximum_share_shift",
            column=name,
            count=now["count"],
            limit=limit,
            found=distance,
            text=f"{name}: shares {percent} apart from the baseline's (most of all {largest:.60},"
            f" {then.get(largest, 0):.1%} then and {today.get(largest, 0):.1%} now), more than {most}",
        )


def _shares(figures: Mapping[str, Any]) -> dict[str, float]:
    counts = Counter(figures["values"])
    counts["unknown"] += figures["unknown"]
    return {value: count / figures["count"] for value, count in counts.items()}


def _percents(found: float, limit: float) -> tuple[str, str]:
    return _apart(found, limit, "%")


def _apart(found: float, limit: float, form: str) -> tuple[str, str]:
    """Return both as text, with as many decimals as show the limit as it is and the two as different."""
    digits = {"%": 2, "f": 0}[form]  # those that a percentage is shifted by
    exact = next((decimals for decimals in range(1, 9) if round(limit, decimals + digits) == limit), 9)
    texts = [(f"{found:.{decimals}{form}}", f"{limit:.{decimals}{form}}") for decimals in range(exact, 10)]
    return next((pair for pair in texts if pair[0] != pair[1]), texts[-1])
