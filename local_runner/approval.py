"""`python -m local_runner approve VERSION`, or `reject`: the decision that a person makes about a registered model."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from artefacts.assembly import load
from local_runner.choice import choose
from local_runner.errors import RefusedError
from local_runner.on_disk.model_registry import UnknownPackageError
from local_runner.on_disk.workspace import Workspace

STATUSES = {"approve": "Approved", "reject": "Rejected"}
"""Command -> the ModelApprovalStatus that it gives."""


def decide(argv: Sequence[str]) -> int:
    """Give the version that the command line names its status; raise `RefusedError` when there is no such version."""
    parser = argparse.ArgumentParser(prog="python -m local_runner", description=__doc__)
    parser.add_argument("command", choices=STATUSES)
    parser.add_argument("version", type=int, help="a version of the stage's model package group")
    parser.add_argument("--group", help="the model package group, where the stage has several")
    parser.add_argument("--assembly", type=Path, default=Path("cdk.out"), help="what cdk synth wrote (%(default)s)")
    parser.add_argument("--stage", default="dev", help="the stage of it (%(default)s)")
    parser.add_argument("--workspace", type=Path, default=Path(".local"), help="where models are kept (%(default)s)")
    options = parser.parse_args(argv)
    # Of whichever pipeline: the registry is the account's.
    pipeline = next(iter(load(options.assembly, options.stage).values()))
    registry = Workspace(options.workspace.absolute()).registry(pipeline)
    group = choose(pipeline.package_groups, options.group, kind="model package group", option="--group")
    try:
        registry.decide(group, options.version, STATUSES[options.command], datetime.now(UTC))
    except UnknownPackageError as error:
        raise RefusedError(str(error)) from error
    Console().print(f"{group} version {options.version}, {STATUSES[options.command]}", highlight=False)
    return 0
