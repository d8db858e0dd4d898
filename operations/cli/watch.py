"""Shows an execution until it has ended."""

import argparse
from typing import TYPE_CHECKING

from operations.cli.following import add_following, show_until_ended
from operations.cli.selection import add_execution, find_executions

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "show an execution as it goes on, and what came of it; Ctrl-C ends the watching only"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which execution, and how often to look."""
    add_execution(parser)
    add_following(parser)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Watch; exit code 1 says that the execution did not succeed."""
    executions = find_executions(options, context)
    return show_until_ended(options, context, executions, executions.find(options.execution))
