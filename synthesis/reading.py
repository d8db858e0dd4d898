"""Lets a process notice what it reads of the project, and read it as it is."""

import importlib.machinery
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_ELSEWHERE = (".venv", "node_modules", ".local")
"""Folders of the project that are not its files: tools, which a key knows, and what is kept."""


def compile_anew(root: Path) -> None:
    """Let this process compile each module of the project in *root* that it imports from now on.

    Python takes what it compiled before for a file of the same size and the same second: for the file before an edit.
    """
    stat = importlib.machinery.SourceFileLoader.path_stats

    def path_stats(self: importlib.machinery.SourceFileLoader, path: str) -> Mapping[str, object]:
        if _name(path, root):
            raise OSError(path)  # says that there is nothing compiled
        return stat(self, path)

    importlib.machinery.SourceFileLoader.path_stats = path_stats  # type: ignore[method-assign]  # for all of this process


def watch_reads(root: Path) -> list[str]:
    """Return a list to which the name of each file of *root* will be added that this process opens to read."""
    names: list[str] = []

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and not _writes(arguments[1:]):
            names.extend(filter(None, [_name(arguments[0], root)]))

    sys.addaudithook(note)
    return names


def find_others(names: Sequence[str], sources: Sequence[str]) -> list[str]:
    """Return those of *names* that lie below none of *sources*."""
    known = tuple(f"{source}/" for source in sources)
    return [name for name in names if not f"{name}/".startswith(known)]


def _name(path: str, root: Path) -> str:
    """Return the name below *root* of a file of the project, and nothing for any other."""
    whole, folder = os.path.abspath(path), f"{root}{os.sep}"  # noqa: PTH100  objects of paths take a tenth of a second
    name = whole.removeprefix(folder)
    return "" if name == whole or name.partition(os.sep)[0] in _ELSEWHERE else name


def _writes(opened: tuple[object, ...]) -> bool:
    match opened:
        case (str(mode), *_):
            return any(letter in mode for letter in "wax")
        case (None, int(flags)):
            return bool(flags & (os.O_WRONLY | os.O_RDWR))
        case _:
            return False
