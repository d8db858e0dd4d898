"""Approves a version of the stage's models."""

import argparse
from typing import TYPE_CHECKING

from operations.cli.decision import add_options, decide_about
from operations.cli.reason import add_reason

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "show a model and approve it: it becomes the champion, and is deployed where the stage serves"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what only this command takes."""
    add_options(parser)
    add_reason(parser, required=False)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Approve."""
    return decide_about(options, context, "Approved")
