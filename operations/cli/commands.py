"""Which commands there are, what all of them take, and how each ends.

A name here, and a file of that name with `HELP`, `add_arguments(parser)` and `run(options, context) -> int`, are a
command. The file imports what is slow to import, boto3, rich, settings, in its functions: `--help` needs none of it.
"""

import argparse
import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, Protocol

from operations.cli.context import Context, Terminal
from operations.cli.exit_code import ExitCode

COMMANDS = (
    *("start", "watch", "list", "show", "logs", "stop", "retry", "report"),
    *("compare", "approve", "reject", "promote", "deploy-model", "rollback-model"),
    *("preflight", "verify-account", "teardown", "rights", "graph", "diff"),
)
LOCAL = frozenset({"start", "watch", "list", "show", "logs", "report", "approve", "reject", "compare"})
"""Those that take `--local`: they can do without AWS."""


class Module(Protocol):
    """What the file of a command has."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what only this command takes."""

    def run(self, options: argparse.Namespace, context: Context) -> int:
        """Do it, and return the exit code."""


class _Parser(argparse.ArgumentParser):
    """Refuses in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(ExitCode.REFUSED, f"refused: {message}: see {self.prog} --help\n")


def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Do what the command line asks for, and return the exit code."""
    module, options = _parse(argv)
    try:
        return module.run(options, _find_context(options, terminal))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return ExitCode.STOPPED
    except BrokenPipeError:
        # Whoever read, such as `head`, has enough; Python would complain when it flushes in the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except _failures().EXPECTED as error:  # found out here, as it takes imports that no --help needs
        print(f"refused: {_failures().describe(error)}", file=sys.stderr)
        return ExitCode.REFUSED
    except OSError as error:  # a full disk, a folder that may not be written
        print(f"refused: {error.filename or 'the result'}: {error.strerror}: write elsewhere", file=sys.stderr)
        return ExitCode.REFUSED


def _failures() -> Any:
    from operations.cli import failures

    return failures


def _find_context(options: argparse.Namespace, terminal: Terminal) -> Context:
    from settings import find_stage

    return Context(terminal, find_stage(options.stage))


def _parse(argv: Sequence[str]) -> tuple[Module, argparse.Namespace]:
    """Return the module of the command, and its options; of the other commands none is imported."""
    name = next(iter(argv), "")
    if name not in COMMANDS:
        _list_commands(argv[:1])
    module = _import(name)
    parser = _Parser(prog=f"python -m operations {name}", description=f"{module.HELP}.")
    _add_common(parser, name)
    module.add_arguments(parser)
    return module, parser.parse_args(argv[1:])


def _list_commands(argv: Sequence[str]) -> NoReturn:
    """Say which commands there are, or that *argv* is none of them, and end."""
    lines = [f"  {each:16} {_import(each).HELP}" for each in COMMANDS]
    parser = _Parser(
        prog="python -m operations",
        usage="%(prog)s COMMAND [--help] ...",
        description="Operates a stage: one command each.",
        epilog="\n".join(["commands:", *lines, "", "Exit codes: 0 done, 1 ran and failed, 2 refused, 130 stopped."]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", help=argparse.SUPPRESS)
    command = parser.parse_args(argv).command
    if command is None:
        parser.print_help()
        parser.exit(ExitCode.REFUSED)
    near = difflib.get_close_matches(command, COMMANDS, n=1)
    parser.error(f"there is no command {command!r}" + (f": did you mean {near[0]}?" if near else ""))


def _add_common(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--stage", default="dev", help="a stage of settings/stages.py (%(default)s)")
    if name in LOCAL:
        parser.add_argument("--local", action="store_true", help="what ran on this machine, in .local, not on AWS")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON document")


def _import(name: str) -> Module:
    module: Module = importlib.import_module(f"operations.cli.{name.replace('-', '_')}")
    return module
