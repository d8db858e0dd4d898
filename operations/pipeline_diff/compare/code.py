"""Which source files changed in the archives that steps and functions run."""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from operations.pipeline_diff.read.placeholders import find_placeholders, flatten
from operations.pipeline_diff.read.side import Side, WrittenPipeline


@dataclass(frozen=True)
class CodeChange:
    """Another archive, and what is different in it."""

    placeholder: str
    files: tuple[str, ...]
    """Such as `changed processing/jobs/split.py`; empty where the same files are packed in another way."""
    known: bool = True
    """False where the archives are not at hand, and only their names differ."""


def find_code(pipeline: WrittenPipeline, side: Side) -> dict[str, str]:
    """Return the object key of the file behind each placeholder that stands for one, or for a Lambda function's."""
    resources = side.stacks.get(pipeline.stack, {}).get("Resources", {})
    found = {}
    for name, value in pipeline.values.items():
        match value:
            case str() if value in side.archives or _is_asset(value):
                found[name] = value
            case {"Fn::GetAtt": [str(logical_id), "Arn"]}:
                key = resources.get(logical_id, {}).get("Properties", {}).get("Code", {}).get("S3Key")
                if key is not None:
                    found[name] = flatten(key)[0]
    return found


def compare_code(base: Mapping[str, str], head: Mapping[str, str], sides: tuple[Side, Side]) -> dict[str, CodeChange]:
    """Return what changed behind each placeholder of both, by its name."""
    changed = {}
    for name in base.keys() & head.keys():
        if base[name] != head[name]:
            before, after = (side.archives.get(key) for side, key in zip(sides, (base[name], head[name]), strict=True))
            known = before is not None and after is not None
            files = tuple(_compare_files(before, after)) if before and after else ()
            changed[name] = CodeChange(name, files, known)
    return changed


def compare_function(
    before: Mapping[str, Any], after: Mapping[str, Any], sides: tuple[Side, Side]
) -> CodeChange | None:
    """Return what changed in the archive of a Lambda function, which is a resource on both sides."""
    old, new = (
        {"Code": flatten(each.get("Properties", {}).get("Code", {}).get("S3Key", ""))[0]} for each in (before, after)
    )
    return compare_code(old, new, sides).get("Code")


def find_step_code(document: Mapping[str, Any], changes: Mapping[str, CodeChange]) -> list[CodeChange]:
    """Return those of *changes* that a step runs or reads."""
    arguments = {key: value for key, value in document["Arguments"].items() if key != _PROVENANCE}
    return [
        changes[name] for name in sorted(find_placeholders({**document, "Arguments": arguments})) if name in changes
    ]


_PROVENANCE = "CustomerMetadataProperties"
"""A registered model names the archives that made it, and runs none of them."""


def _compare_files(before: Path, after: Path) -> Iterator[str]:
    old, new = _hashes(before), _hashes(after)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            what = "added" if name not in old else "removed" if name not in new else "changed"
            yield f"{what} {name or 'its only file'}"


def _hashes(path: Path) -> dict[str, bytes]:
    """Return the hash of each file of an archive or a folder; a file that is neither has no name."""
    if path.is_dir():
        return {
            each.relative_to(path).as_posix(): _hash(each.read_bytes()) for each in path.rglob("*") if each.is_file()
        }
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return {name: _hash(archive.read(name)) for name in archive.namelist()}
    return {"": _hash(path.read_bytes())}


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _is_asset(text: str) -> bool:
    """Return whether *text* is named as the CDK names what it uploads, after its content."""
    name = text.rpartition("/")[2].partition(".")[0]
    return len(name) == 64 and set(name) <= set("0123456789abcdef")
