"""Stops an execution."""

import argparse
from typing import TYPE_CHECKING

from operations.cli.output import note, print_json
from operations.cli.selection import add_execution, find_on_aws

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "ask an execution to stop"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which execution; it has to be said."""
    add_execution(parser, required=True)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Ask for it; that it has stopped, `watch` shows."""
    executions = find_on_aws(options, context)
    arn = executions.find(options.execution)
    executions.stop(arn)
    note("a job that runs is stopped too, which takes a minute; a call of the function is waited for")
    if options.json:
        print_json({"execution": arn, "asked": "stop"})
    else:
        print(f"{arn.rpartition('/')[2]} stops: watch {arn.rpartition('/')[2]} shows when it has")
    return 0
