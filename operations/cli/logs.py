"""Prints the last lines that a step's job has written."""

import argparse
import dataclasses
from typing import TYPE_CHECKING

from operations.cli.output import note, print_json
from operations.cli.selection import add_execution, find_executions

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "print the last lines that a step's job has written"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step, the execution, and how many lines."""
    parser.add_argument("step", help="such as EmpBonusTraining")
    add_execution(parser)
    parser.add_argument("--lines", type=int, default=50, help="of each instance (%(default)s)")


def run(options: argparse.Namespace, context: "Context") -> int:
    """Print them; where nothing was written, say so and fail."""
    from operations.executions.source import find_step

    executions = find_executions(options, context)
    execution = executions.read(executions.find(options.execution))
    logs = executions.read_logs(execution, find_step(execution, options.step), options.lines)
    if options.json:
        print_json([dataclasses.asdict(log) for log in logs])
        return 0 if logs else 1
    for log in logs:
        note(f"{log.where}:")
        for line in log.lines:
            print(line)
    if not logs:
        why = "it runs no job, reused a result, or has not begun"
        note(f"{options.step} of execution {execution.id} has written no log: {why}")
    return 0 if logs else 1
