"""Rejects a version of the stage's models."""

import argparse
from typing import TYPE_CHECKING

from operations.cli.decision import add_options, decide_about
from operations.cli.reason import add_reason

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "reject a model, with the reason: one in service is replaced by the newest that stays approved"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what only this command takes."""
    add_options(parser)
    add_reason(parser)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Reject."""
    return decide_about(options, context, "Rejected")
