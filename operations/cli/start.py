"""Starts an execution, with the version of its data."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from local_runner.choice import assignment
from operations.cli.following import add_following, show_until_ended
from operations.cli.output import print_json
from operations.cli.selection import add_pipeline, find_local, find_on_aws, name_pipeline

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "start an execution; finds out the version of its data, or the time, by itself"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what it is started with."""
    add = parser.add_argument
    add_pipeline(parser)
    add("--input", help="an S3 prefix instead of the stage's own; with --local a CSV file, or a folder of them")
    add("--set", type=assignment, action="append", default=[], metavar="NAME=VALUE", help="a pipeline parameter")
    add("--watch", action="store_true", help="show it until it has ended")
    add_following(parser)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Start it, and print its ARN."""
    return _run_here(options, context) if options.local else _start(options, context)


def _start(options: argparse.Namespace, context: "Context") -> int:
    from operations.executions.start import start
    from pipeline_definition.names import INPUT_DATA

    executions = find_on_aws(options, context)
    given = dict(options.set) | ({INPUT_DATA: options.input} if options.input else {})
    arn, given = start(executions, given, context.clock.now())
    if options.watch:
        print(f"started {arn}", file=sys.stderr)
        return show_until_ended(options, context, executions, arn, new=True)
    if options.json:
        print_json({"execution": arn, "parameters": given})
    else:
        print(arn)
    return 0


def _run_here(options: argparse.Namespace, context: "Context") -> int:
    """Run the pipeline of the assembly on this machine, which shows itself what it does."""
    import dataclasses

    from local_runner.__main__ import main
    from operations.refusal import RefusedError

    if not options.input:
        raise RefusedError("nothing is said of the data: add --input with a CSV file, or a folder of them")
    arguments = ["--assembly", context.assembly, "--stage", context.stage.name, "--workspace", context.workspace]
    arguments += ["--pipeline", name_pipeline(options, context), "--input", Path(options.input)]
    arguments += [word for name, value in options.set for word in ("--set", f"{name}={value}")]
    with contextlib.redirect_stdout(sys.stderr if options.json else sys.stdout):
        code = main([str(each) for each in arguments])
    if options.json and code != 2:
        executions = find_local(options, context)
        print_json(dataclasses.asdict(executions.read(executions.find("latest"))))
    return code
