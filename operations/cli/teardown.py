"""Tears down what `cdk destroy` leaves of a stage."""

import argparse
from typing import TYPE_CHECKING

from operations.cli.output import note, print_json

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "delete the endpoint, data and models that make destroy leaves; asks first, never prod"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Add nothing."""


def run(options: argparse.Namespace, context: "Context") -> int:
    """Delete what is left, once the person at the terminal has typed the stage's name."""
    from operations.refusal import RefusedError
    from operations.teardown import delete, find_remains

    stage = context.stage
    remains = find_remains(stage, context.aws)
    if not str(remains):
        return _report(options, "", f"nothing is left of stage {stage.name}")
    note(f"This deletes for good, in {stage.region}:\n{remains}")
    if context.terminal.ask(f"Type {stage.name} to go on: ") != stage.name:
        note("nothing was deleted")
        return 1
    try:
        delete(remains, context.aws)
    except RefusedError as error:
        note(f"stopped: {error}")
        return 1
    return _report(options, str(remains), "deleted")


def _report(options: argparse.Namespace, deleted: str, line: str) -> int:
    if options.json:
        print_json({"stage": options.stage, "deleted": [each.strip() for each in deleted.splitlines()]})
    else:
        print(line)
    return 0
