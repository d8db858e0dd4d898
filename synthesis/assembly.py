"""A cloud assembly as one text of bytes, with the files that belong to it and no others of its folder."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

_FIRST = ("cdk.out", "manifest.json", "validation-report.json")


def pack(assembly: Path) -> bytes:
    """Return *assembly*; files there that it does not name are of other stages, and of before."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in sorted(_members(assembly)):
            for path in (assembly / name, *sorted((assembly / name).rglob("*"))):  # an asset may be a folder
                file.write(path, path.relative_to(assembly))
    return out.getvalue()


def unpack(content: bytes, assembly: Path) -> None:
    """Write what `pack` made into the folder *assembly*."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        file.extractall(assembly)


def is_without_finding(assembly: Path) -> bool:
    """Return whether *assembly* was validated, and nothing in it was found wrong that is not acknowledged."""
    report = assembly / "validation-report.json"
    if not report.is_file():
        return False
    found = json.loads(report.read_text(encoding="utf-8"))["pluginReports"]
    return not any(each["violations"] for each in found)


def _members(assembly: Path) -> set[str]:
    members: set[str] = set()
    names = set(_FIRST)
    while names:
        members |= names
        texts = [(assembly / name).read_text(encoding="utf-8") for name in names if name.endswith(".json")]
        found = {text for document in texts for text in _texts(json.loads(document))}
        names = {name for name in found - members if _is_member(assembly, name)}
    return members


def _is_member(assembly: Path, name: str) -> bool:
    return 0 < len(name) < 200 and "/" not in name and name.strip(".") != "" and (assembly / name).exists()


def _texts(node: object) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            for each in node.values():
                yield from _texts(each)
        case list():
            for each in node:
                yield from _texts(each)
