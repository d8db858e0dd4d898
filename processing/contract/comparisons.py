"""Compares the figures of columns with the contract's limits and with the baseline, whether they exceed or not."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from processing.contract.data_contract import Category, Column, Contract, Number
from processing.contract.report import Figures
from processing.records.recognition.findings import Finding, FormCounts

NO_FORMS: Mapping[str, FormCounts] = {}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A figure of a column beside the contract's limit of it, whether it exceeds that or not."""

    rule: str
    """The limit's name in the contract."""
    column: str
    count: int
    found: float
    limit: float
    expected: float
    """What it is in the baseline; 0 without one, and where it is itself a distance from the baseline."""
    form: str
    """How a figure is written: "%" for shares, "f" for others."""
    explain: Callable[[str, str], str]
    """Returns what is found, for people, from the texts of found and limit."""

    def describe(self, limit: float) -> str:
        """Return what is found and the *limit* that it exceeds, for people; never a data value."""
        return self.explain(*show_apart(self.found, limit, self.form))


def compare(
    figures: Figures, baseline: Figures | None, contract: Contract, forms: Mapping[str, FormCounts] = NO_FORMS
) -> Iterator[Comparison]:
    """Yield each figure of a column of *contract* that has a limit there."""
    for name, column in contract.columns.items():
        yield from _compare_shares(name, column, figures, baseline, forms.get(name))
        if baseline:
            yield from _compare_shifts(name, column, figures.columns[name], baseline.columns.get(name, {}))


def _compare_shares(
    name: str, column: Column, figures: Figures, baseline: Figures | None, forms: FormCounts | None
) -> Iterator[Comparison]:
    faults = {"missing": "missing", "invalid": column.rule.fault, "duplicate": "duplicate", "unknown": "unknown"}
    for fault, words in faults.items():
        limit = getattr(column, f"maximum_{fault}_share", None)
        if limit is None:
            continue
        count = figures.columns[name][fault]
        before = baseline.columns.get(name, {}).get(fault, 0) / baseline.rows if baseline else 0.0
        yield Comparison(
            rule=f"maximum_{fault}_share",
            column=name,
            count=count,
            found=count / figures.rows,
            limit=limit,
            expected=before,
            form="%",
            explain=_explain_share(
                f"{name}: {count:,} of {figures.rows:,} values", count, words, forms if fault == "invalid" else None
            ),
        )


def _explain_share(values: str, count: int, fault: str, forms: FormCounts | None) -> Callable[[str, str], str]:
    def explain(percent: str, most: str) -> str:
        return f"{values} {_describe(count, fault, forms.find() if forms else [], f'({percent}), more than {most}')}"

    return explain


def _describe(count: int, fault: str, forms: Sequence[Finding], exceeded: str) -> str:
    """Return what is wrong with *count* values: in which undeclared forms they are, or else their *fault*."""
    if not forms:
        return f"{fault} {exceeded}"
    if forms[0].count == count:
        return f"{forms[0].form.name} {exceeded}, {forms[0].origin}"
    parts = [f"{each.count:,} {each.form.name}, {each.origin}" for each in forms]
    rest = count - sum(each.count for each in forms)
    return f"invalid {exceeded}: {', '.join(parts + [f'{rest:,} {fault}'] * bool(rest))}"


def _compare_shifts(
    name: str, column: Column, now: Mapping[str, Any], before: Mapping[str, Any]
) -> Iterator[Comparison]:
    """Compare what both data sets have values of; that a column has none is for other rules to find."""
    if before.get("type") != now["type"] or not before["count"] or not now["count"]:
        return
    match column:
        case Number():
            yield from _mean_shift(name, column.maximum_mean_shift, now, before)
        case Category():
            yield _share_shift(name, column.maximum_share_shift, now, before)


def _mean_shift(name: str, limit: float, now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Comparison]:
    deviation = before.get("standard_deviation")
    if not deviation:  # the baseline's values are all the same: there is no scale to measure by
        return
    mean, then = f"{now['mean']:,.6g}", f"{before['mean']:,.6g}"
    yield Comparison(
        rule="maximum_mean_shift",
        column=name,
        count=now["count"],
        found=abs(now["mean"] - before["mean"]) / deviation,
        limit=limit,
        expected=0.0,
        form="f",
        explain=lambda amount, most: (
            f"{name}: mean {mean}, {amount} standard deviations from the baseline's {then}, more than {most}"
        ),
    )


def _share_shift(name: str, limit: float, now: Mapping[str, Any], before: Mapping[str, Any]) -> Comparison:
    today, then = _shares(now), _shares(before)
    changes = {value: today.get(value, 0.0) - then.get(value, 0.0) for value in today | then}
    largest = max(changes, key=lambda value: abs(changes[value]))
    change = f"most of all {largest:.60}, {then.get(largest, 0):.1%} then and {today.get(largest, 0):.1%} now"
    return Comparison(
        rule="maximum_share_shift",
        column=name,
        count=now["count"],
        found=sum(map(abs, changes.values())) / 2,
        limit=limit,
        expected=0.0,
        form="%",
        explain=lambda percent, most: (
            f"{name}: shares {percent} apart from the baseline's ({change}), more than {most}"
        ),
    )


def _shares(figures: Mapping[str, Any]) -> dict[str, float]:
    counts = Counter(figures["values"])
    counts["unknown"] += figures["unknown"]
    return {value: count / figures["count"] for value, count in counts.items()}


def show_apart(found: float, limit: float, form: str) -> tuple[str, str]:
    """Return both as text, with as many decimals as show the limit as it is and the two as different."""
    digits = {"%": 2, "f": 0}[form]  # those that a percentage is shifted by
    exact = next((decimals for decimals in range(1, 9) if round(limit, decimals + digits) == limit), 9)
    texts = [(f"{found:.{decimals}{form}}", f"{limit:.{decimals}{form}}") for decimals in range(exact, 10)]
    return next((pair for pair in texts if pair[0] != pair[1]), texts[-1])
