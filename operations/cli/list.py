"""Lists executions and registered versions, with their metrics side by side, or windows with their verdicts."""

import argparse
import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from operations.cli.output import format_table, print_json
from operations.cli.registries import open_registry
from operations.cli.selection import add_pipeline, find_executions

if TYPE_CHECKING:
    from operations.cli.context import Context
    from operations.executions.overview import Row
    from operations.executions.source import Executions, Summary

HELP = "list executions and registered versions, with their metrics side by side"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add how many, and of which pipeline."""
    add_pipeline(parser)
    parser.add_argument("--limit", type=int, default=10, help="how many of each (%(default)s)")


def run(options: argparse.Namespace, context: "Context") -> int:
    """Print a line for each execution, and for each version whose execution is not among them."""
    executions = find_executions(options, context)
    if options.pipeline == "monitoring":
        return _list_windows(options, executions)
    from operations.executions.overview import find_rows

    rows = find_rows(executions, open_registry(options, context), options.limit)
    if options.json:
        print_json([dataclasses.asdict(row) for row in rows])
    else:
        for line in format_table([HEAD, *map(_to_cells, rows)]):
            print(line)
    return 0


def _list_windows(options: argparse.Namespace, executions: "Executions") -> int:
    from execution_report.sections.monitoring import monitoring_line

    summaries = executions.list_newest(options.limit)
    said = [monitoring_line(executions.read_facts(each.arn)) for each in summaries]
    pairs = list(zip(summaries, said, strict=True))
    if options.json:
        print_json([{"execution": dataclasses.asdict(each), "message": message} for each, message in pairs])
    else:
        rows = [(*_name(each), message or each.reason or "-") for each, message in pairs]
        for line in format_table([(*HEAD[:3], "verdict"), *rows]):
            print(line)
    return 0


HEAD = ("execution", "status", "started", "version", "approval", "rmse", "mae", "r2", "improvement")


def _to_cells(row: "Row") -> Sequence[str]:
    summary, version, assessment = row.execution, row.version, row.assessment
    metrics: dict[str, Any] = dict((assessment and assessment.metrics) or {})
    rival = assessment.rival if assessment else None
    return (
        *_name(summary),
        str(version.number) if version else "-",
        version.status if version else "-",
        *(_write(metrics.get(name)) for name in ("rmse", "mae", "r2")),
        f"{rival.improvement:+.1%}" if rival and rival.improvement is not None else "-",
    )


def _name(summary: "Summary | None") -> tuple[str, str, str]:
    """Return id, status and start."""
    if summary is None:
        return "-", "-", "-"
    return summary.id, summary.status, f"{summary.started:%Y-%m-%d %H:%M}" if summary.started else "-"


def _write(metric: Any) -> str:
    """Return a metric with its uncertainty."""
    if metric is None:
        return "-"
    digits = 0 if abs(metric.value) >= 100 else 3
    deviation = f" ±{metric.standard_deviation:.{digits}f}" if metric.standard_deviation is not None else ""
    return f"{metric.value:.{digits}f}{deviation}"
