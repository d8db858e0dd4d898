"""Runs again what did not succeed of an execution."""

import argparse
from typing import TYPE_CHECKING

from operations.cli.output import note, print_json
from operations.cli.selection import add_execution, find_on_aws

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "run again what failed or was stopped of an execution"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which execution; it has to be said."""
    add_execution(parser, required=True)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Ask for it; how it goes on, `watch` shows."""
    executions = find_on_aws(options, context)
    arn = executions.find(options.execution)
    executions.retry(arn)
    note("it goes on as the same execution, with the definition and parameters of its start: after a deployment, start")
    if options.json:
        print_json({"execution": arn, "asked": "retry"})
    else:
        print(f"{arn.rpartition('/')[2]} runs again: watch {arn.rpartition('/')[2]} shows how")
    return 0
