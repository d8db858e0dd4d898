"""Shows what is known of an execution."""

import argparse
import dataclasses
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from operations.cli.following import find_price
from operations.cli.output import print_json
from operations.cli.selection import add_execution, find_executions

if TYPE_CHECKING:
    from artefacts.execution import Execution
    from operations.cli.context import Context
    from operations.cli.progress import Price

WIDE = 200
"""Columns of what is no terminal: a file or a pipe has no edge at which to cut a name."""

HELP = "show an execution: steps, parameters, reasons, outputs, the version"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which execution."""
    add_execution(parser)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Print all of it."""
    executions = find_executions(options, context)
    execution = executions.read_whole(executions.find(options.execution))
    if options.json:
        print_json(dataclasses.asdict(execution))
    else:
        _print(execution, context.clock.now(), None if options.local else find_price(execution.arn))
    return 0


def _print(execution: "Execution", now: datetime, price: "Price | None") -> None:
    from rich.console import Console

    from operations.cli.progress import render
    from operations.executions.follow import Snapshot
    from operations.executions.outcome import find_failure

    console = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else WIDE)
    console.print(render(Snapshot(now, execution), price))
    lines = [
        ("execution", execution.arn),
        ("created", str(execution.created or "")),
        *(("version", arn) for arn in [execution.package_arn] if arn),
        *((f"{step.name} failed", step.failure) for step in execution.failed_steps),
        *(("what to do", failure.runbook) for failure in [find_failure(execution)] if failure),
        *execution.parameters.items(),
        *((f"{step.name} {name}", uri) for step in execution.steps for name, uri in step.outputs.items()),
    ]
    for name, value in lines:
        console.print(f"  {name:38} {value}", markup=False)
