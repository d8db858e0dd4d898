"""`python -m local_runner approve VERSION`, or `reject`: the decision that a person makes about a registered model."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console

from local_runner.errors import RefusedError
from local_runner.on_disk.model_registry import UnknownPackageError
from local_runner.versions import add_options, find_group, number

STATUSES = {"approve": "Approved", "reject": "Rejected"}
"""Command -> the ModelApprovalStatus that it gives."""


def decide(argv: Sequence[str]) -> int:
    """Give the version that the command line names its status; raise `RefusedError` when there is no such version."""
    parser = argparse.ArgumentParser(prog="python -m local_runner", description=__doc__)
    parser.add_argument("command", choices=STATUSES)
    parser.add_argument("version", type=number, help="a version of the stage's model package group")
    add_options(parser)
    options = parser.parse_args(argv)
    group = find_group(options)
    try:
        group.registry.decide(group.name, options.version, STATUSES[options.command], datetime.now(UTC))
    except UnknownPackageError as error:
        raise RefusedError(str(error)) from error
    Console().print(f"{group.name} version {options.version}, {STATUSES[options.command]}", highlight=False)
    return 0
