"""Prints the rights that it takes to operate a stage's executions."""

import argparse
from typing import TYPE_CHECKING

from operations.cli.output import print_json

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "print the IAM policy of whoever starts, watches, lists, stops and reports executions"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add for whom."""
    parser.add_argument("--only-read", action="store_true", help="for somebody who looks, and starts and stops nothing")


def run(options: argparse.Namespace, context: "Context") -> int:
    """Print it; AWS is not asked."""
    from operations.executions.rights import build_policy

    print_json(build_policy(context.stage, only_read=options.only_read))
    return 0
