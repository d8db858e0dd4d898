"""How a comparison is shown in a terminal, in at most 100 columns."""

import textwrap
from collections.abc import Iterator

from execution_report.wording import ABSENT, alike, signed
from operations.comparison.compare import Area, Comparison
from operations.comparison.noise import MetricDifference, Verdict

_WIDTH = 100
_COLUMNS = (30, 22, 22, 24)


def describe_lines(comparison: Comparison) -> Iterator[str]:
    """Yield the lines: metrics first, then what differs in each area."""
    before, after = (_short(each) for each in (comparison.before, comparison.after))
    yield _row("metrics", before, after, "difference ± its own")
    for metric in comparison.metrics:
        yield _describe_metric(metric)
    yield f"  {_BASES[comparison.same_test_rows]}"
    for area in comparison.areas:
        yield ""
        yield from _describe_area(area, before, after)
    for each in comparison.unread:
        yield from textwrap.wrap(
            f"not read: {each}", _WIDTH, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
        )


_BASES = {
    True: "Both have predicted the same test rows: the difference is judged row by row.",
    False: "They have predicted different test rows, so that more is taken for noise.",
    None: "Which test rows each has predicted is not known, so that more is taken for noise.",
}


def _describe_metric(metric: MetricDifference) -> str:
    values = [each.value if each else None for each in (metric.before, metric.after)]
    deviations = [each.standard_deviation if each else None for each in (metric.before, metric.after)]
    write = alike([*values])
    texts = [f"{write(value)} ± {write(own)}" for value, own in zip(values, deviations, strict=True)]
    change = f"{signed(metric.difference, write)} ± {write(metric.deviation)}" if metric.difference else ""
    verdict = "cannot be said" if metric.verdict is Verdict.UNKNOWN else metric.verdict
    return _row(f"  {metric.name}", *texts, f"{change}  {verdict}".strip())


def _describe_area(area: Area, before: str, after: str) -> Iterator[str]:
    if not area.differences:
        yield f"{area.name}: {f'all {area.equal} are equal' if area.equal else 'nothing is known'}"
        return
    yield _row(f"{area.name} ({area.equal} more are equal)", before, after)
    for each in area.differences:
        yield _row(f"  {each.name}", *(_short(value) for value in (each.before, each.after)))


def _row(*texts: str) -> str:
    return " ".join(f"{text:<{width}}" for text, width in zip(texts, _COLUMNS, strict=False)).rstrip()


def _short(text: str | None) -> str:
    """Return enough of *text* to tell it from others: `--json` has all of it."""
    if text is None:
        return ABSENT
    return text if len(text) <= _COLUMNS[1] else f"{text[:9]}…{text[-12:]}"
