"""Says what a change means to the pipelines of a stage: what runs again, what it may do, destroys and costs; no AWS.

Exit codes: 0 nothing that needs agreement, 1 something is destroyed, replaced or broadened, 2 refused.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from operations.cli.output import print_json

if TYPE_CHECKING:
    from operations.cli.context import Context
    from operations.pipeline_diff.change import Diff

HELP = "say what a change means: steps, permissions, resources, money; no AWS"
SIDE = "a git revision, an assembly's folder, a template or a definition"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add both sides, and where else the result goes."""
    parser.add_argument("base", help=SIDE)
    parser.add_argument("head", nargs="?", default=".", help=f"{SIDE}; the files as they are now where there is none")
    parser.add_argument(
        "--markdown",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="add it to this file, too, as GitHub's Markdown; may be repeated",
    )


def run(options: argparse.Namespace, context: "Context") -> int:
    """Compare, and print what is different."""
    diff = _compare(options, context)
    for file in options.markdown:
        _append(file, diff, context.stage.name)
    if options.json:
        from operations.pipeline_diff.render.document import build_document

        print_json(build_document(diff))
    else:
        from rich.console import Console

        from operations.pipeline_diff.render.terminal import render

        Console(soft_wrap=True).print(render(diff))
    return _exit_code(diff)


def _compare(options: argparse.Namespace, context: "Context") -> "Diff":
    from operations.pipeline_diff.diff import compare_sides
    from operations.pipeline_diff.read.revision import Checkout
    from operations.pipeline_diff.read.sources import read_side

    checkout = Checkout(context.terminal.folder.resolve(), context.terminal.environment)
    base, head = (read_side(given, checkout, context.stage.name) for given in (options.base, options.head))
    return compare_sides(base, head)


def _append(file: Path, diff: "Diff", stage: str) -> None:
    """Add to the file: what a workflow shows of several stages, or has to say of its own, is in one."""
    from operations.pipeline_diff.render.markdown import render
    from operations.refusal import RefusedError

    try:
        with file.open("a", encoding="utf-8", errors="backslashreplace") as out:
            out.write(f"{render(diff, title=stage)}\n")
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}: name a file that can be written") from error


def _exit_code(diff: "Diff") -> int:
    from operations.pipeline_diff.change import Severity

    return int(diff.severity is Severity.DANGER)
