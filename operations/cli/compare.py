"""Compares two executions, or two versions of the stage's models, or one of each."""

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from operations.cli.output import print_json
from operations.cli.registries import open_registry
from operations.cli.selection import TRAINING, find_executions

if TYPE_CHECKING:
    from operations.cli.context import Context
    from operations.comparison.contestant import Contestant
    from operations.registry.registry import Registry

HELP = "say what two executions or versions differ in, and whether one is better than by chance"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what only this command takes."""
    for name in ("before", "after"):
        parser.add_argument(name, metavar=name.upper(), help="a version's number or ARN, or an execution's id or ARN")
    parser.set_defaults(pipeline=TRAINING)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Compare."""
    from operations.cli.comparison import describe_lines
    from operations.comparison.compare import compare

    registry = open_registry(options, context)
    before, after = (_read(each, options, context, registry) for each in (options.before, options.after))
    comparison = compare(before, after)
    if options.json:
        print_json(dataclasses.asdict(comparison))
    else:
        print("\n".join(describe_lines(comparison)))
    return 0


def _read(wanted: str, options: argparse.Namespace, context: "Context", registry: "Registry") -> "Contestant":
    from operations.comparison.contestant import read_execution, read_version
    from operations.registry.registry import find_version

    executions = find_executions(options, context)
    if wanted.isdigit() or ":model-package/" in wanted or wanted == "newest":
        return read_version(find_version(registry, wanted), registry, executions)
    return read_execution(executions.find(wanted), executions, _reader(options, registry))


def _reader(options: argparse.Namespace, registry: "Registry") -> Callable[[str], bytes | None]:
    """Return what reads an output's file: of a local execution, outputs are folders."""
    if not options.local:
        return registry.read
    return lambda path: Path(path).read_bytes() if Path(path).is_file() else None
