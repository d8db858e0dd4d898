"""Which of the things of a stage a command is about: the one that it names, or the only one there is."""

import argparse
from collections.abc import Collection
from pathlib import Path

from local_runner.errors import RefusedError


def choose(names: Collection[str], name: str | None, *, kind: str, option: str) -> str:
    """Return *name* if it is one of *names*, or the only one when it is None; raise `RefusedError` otherwise.

    *kind* is what they are names of, *option* what names one on the command line.
    """
    found = [each for each in names if name in (None, each)]
    if len(found) == 1:
        return found[0]
    problem = f"{kind} {name} does not exist" if name else f"{len(names)} {kind}s"
    raise RefusedError(f"{problem}: choose with {option} from {', '.join(sorted(names)) or 'none'}")


def input_path(text: str) -> Path:
    """Return the path of an input that is given as *text*, for an `argparse` parser."""
    if not text:
        raise argparse.ArgumentTypeError("an empty path: give a CSV file or a folder of them")
    return Path(text).expanduser()


def assignment(text: str) -> tuple[str, str]:
    """Return the name and the value that are given as *text*, for an `argparse` parser."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} sets nothing: write NAME=VALUE")
    return name, value
