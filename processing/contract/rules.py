"""Compares the figures of a data set with the contract's limits, and with the baseline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from processing.contract.comparisons import NO_FORMS, Comparison, compare, show_apart
from processing.contract.data_contract import FILE_NAME, Contract, Limits
from processing.contract.report import FILE_NAME as REPORT
from processing.contract.report import Figures
from processing.records.columns import LABEL
from processing.records.recognition.findings import FormCounts

MAXIMUM_MESSAGE_BYTES = 1_000
"""SageMaker shows the first 1 KB."""


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
    exceeded = (each for each in compare(figures, baseline, contract, forms) if each.found > each.limit)
    return found + [_violation(each, forms.get(each.column)) for each in exceeded]


def _violation(comparison: Comparison, forms: FormCounts | None) -> Violation:
    first = next(iter(forms.find()), None) if forms and comparison.rule == "maximum_invalid_share" else None
    return Violation(
        rule=comparison.rule,
        column=comparison.column,
        count=comparison.count,
        limit=comparison.limit,
        found=comparison.found,
        text=comparison.describe(comparison.limit),
        file=first.file if first else None,
        row=first.row if first else None,
    )


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


def _percents(found: float, limit: float) -> tuple[str, str]:
    return show_apart(found, limit, "%")
