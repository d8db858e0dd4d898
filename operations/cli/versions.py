"""How a version of a model is shown in a terminal, in at most 100 columns."""

import textwrap
from collections.abc import Iterator, Mapping

from execution_report.arns import last_part, package_title
from execution_report.wording import alike, counted, number, share
from operations.registry.assessment import Assessment, Data, Limit, Metric, Rival
from operations.registry.version import Version

_WIDTH = 100
_LABEL = 15


def describe_lines(version: Version, assessment: Assessment) -> Iterator[str]:
    """Yield the lines that say what *version* is, and how good."""
    yield f"{version.name}, {version.status}" + (f": {version.reason}" if version.reason else "")
    for label, text in _facts(version, assessment):
        yield from _labelled(label, text)
    if assessment.metrics:
        yield from _metric_lines(assessment.metrics, assessment.rows)
    for label, text in _judgements(version, assessment):
        yield from _labelled(label, text)


def _facts(version: Version, assessment: Assessment) -> Iterator[tuple[str, str]]:
    by = f" by {version.created_by}" if version.created_by else ""
    yield "registered", f"{version.created[:19].replace('T', ' ')}{by}"
    if version.execution:
        yield "made by", f"execution {last_part(version.execution)}"
    if version.promoted_from:
        yield "promoted from", version.promoted_from
    for each in version.containers:
        yield each.name, f"{last_part(each.image)}, {_shorten(each.artefact)}"
    yield "data", _describe_data(assessment.data) if assessment.data else f"version {_short(version.data_version)}"


def _judgements(version: Version, assessment: Assessment) -> Iterator[tuple[str, str]]:
    if assessment.rival:
        yield "compared", describe_rival(assessment.rival, assessment.metrics or {})
    if assessment.limits:
        yield "quality gate", "; ".join(map(_describe_limit, assessment.limits))
    if version.risk:
        yield "risk", version.risk
    if version.caveats:
        yield "caveats", version.caveats
    for each in assessment.unreadable:
        yield "not read", each


def describe_rival(rival: Rival, metrics: Mapping[str, Metric]) -> str:
    """Say how the model does beside its rival, and how far its own figure can be trusted."""
    name = package_title(rival.name) if rival.name else "the baseline, the mean for everybody"
    if rival.rmse is None or rival.own_rmse is None:
        return f"with {name}: no figures"
    write = alike([rival.rmse, rival.own_rmse])
    change = f"rmse {write(rival.own_rmse)}, {name} {write(rival.rmse)}"
    return f"{change}, on {counted(rival.rows, 'row')}: {_difference(rival)}{_trust(rival, metrics.get('rmse'))}"


def _difference(rival: Rival) -> str:
    improvement = rival.improvement or 0
    return f"{share(abs(improvement))} {'better' if improvement > 0 else 'worse'}" if improvement else "the same"


def _trust(rival: Rival, rmse: Metric | None) -> str:
    if rmse is None or rmse.standard_deviation is None or rival.rmse is None or rival.own_rmse is None:
        return ""
    difference = abs(rival.rmse - rival.own_rmse)
    return ", which is less than the rmse varies by itself" if 0 < difference < rmse.standard_deviation else ""


def _metric_lines(metrics: Mapping[str, Metric], rows: float | None) -> Iterator[str]:
    yield f"  {'metrics':{_LABEL}}{'value':>14}  {'±':>12}   on {counted(rows, 'test row')}"
    for name, metric in metrics.items():
        write = alike([metric.value])
        yield f"    {name:{_LABEL - 2}}{write(metric.value):>14}  {write(metric.standard_deviation):>12}"


def _describe_data(data: Data) -> str:
    counts = [
        counted(data.rows, "row"),
        f"version {_short(data.version)}",
        f"{number(data.malformed)} malformed" if data.malformed else "",
        _by_column("invalid", data.invalid),
        _by_column("missing", data.missing),
    ]
    broken = f"; the contract is broken: {'; '.join(data.violations)}" if data.violations else "; the contract is kept"
    return ", ".join(filter(None, counts)) + broken


def _by_column(what: str, columns: Mapping[str, float]) -> str:
    found = ", ".join(f"{name} {number(count)}" for name, count in columns.items())
    return f"{what}: {found}" if found else ""


def _describe_limit(limit: Limit) -> str:
    return f"{limit.name} {number(limit.limit)} {'kept' if limit.kept else 'BROKEN'} ({number(limit.found)})"


def _labelled(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"  {label:{_LABEL}}",
        subsequent_indent=" " * (_LABEL + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _short(data_version: str) -> str:
    """Return enough of a data version to tell it from others; `--json` has all of it."""
    return data_version[:12]


def _shorten(uri: str) -> str:
    """Return whose file it is, and its name: jobs have long names; `--json` has all of it."""
    folders = uri.removeprefix("s3://").split("/")[1:]
    return "/".join([*folders[:2], "...", folders[-1]]) if len(folders) > 4 else "/".join(folders)
