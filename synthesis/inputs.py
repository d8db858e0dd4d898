"""Makes one hash of all that a result is made of: sources, values, environment, and all that is installed."""

import hashlib
import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]

DEFINITION_SOURCES = ("settings", "pipeline_definition", "artefacts", "schemas", "synthesis")
"""Files and folders of the project that its definitions are made of and checked with."""

SOURCES = (*DEFINITION_SOURCES, "app.py", "cdk.json", "stacks", "processing", "inference", "functions")
"""The same of all that `cdk synth` writes."""

KEPT_FOLDER = "SYNTHESIS_KEPT"
"""The variable that names the folder of what is kept."""

_READ_BY_PYTHON = ("DYLD_", "LANG", "LC_", "LD_", "NIX_", "PATH", "PYTHON", "TMPDIR", "TZ")
"""With those of who loads it, where libraries lie elsewhere than usual."""
_READ_BY_PIP = (
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "PIP_",
    "REQUESTS_CA_",
    "SSL_CERT_",
    "XDG_CONFIG_",
)
"""Which fetches what the Spark image lacks, perhaps through a proxy."""
_READ_BY_NODE = ("ASDF_", "FORCE_COLOR", "JSII_", "MISE_", "NODENV_", "NODE_", "NO_COLOR", "VOLTA_")
"""With those of programs that choose a version of it."""
_READ_BY_THE_CDK = (
    *(*_READ_BY_PYTHON, *_READ_BY_PIP, *_READ_BY_NODE, "AWS_", "CDK_", "CONTEXT_", "HOME"),
    *(name.lower() for name in _READ_BY_PIP if name.endswith("_PROXY")),
)
_WITHOUT_EFFECT = ("CDK_ERROR_FILE", "CDK_OUTDIR", "CDK_PERF_COUNTERS_FILE", "TMPDIR", KEPT_FOLDER, "PATH")
"""Variables that change where a result is written, and nothing in it. Of what PATH finds, Node counts by itself."""


def compute_key(root: Path, sources: Sequence[str], *values: object) -> str:
    """Return a hash that changes with any of *values* and any file below *sources*, which are in *root*.

    So it does with the names of other modules there: one of them may be imported in the place of a package.
    """
    files = [(name, hashlib.sha256((root / name).read_bytes()).hexdigest()) for name in _files(root, sources)]
    modules = sorted(
        path.relative_to(root).as_posix() for form in ("*.py", "*/__init__.py") for path in root.glob(form)
    )
    return _hash([files, modules, [repr(value) for value in values]])


def select_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a synthesis may see."""
    return {name: value for name, value in environment.items() if name.startswith((*_READ_BY_THE_CDK, KEPT_FOLDER))}


def select_definition_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that what makes definitions may see; it has no home, where AWS's libraries would read."""
    names = (*_READ_BY_PYTHON, "JSII_NODE")  # which `installed_here` reads
    seen = {name: value for name, value in environment.items() if name.startswith(names)}
    return {**seen, "HOME": os.devnull}


def select_effective(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that may change a result."""
    return {name: value for name, value in sorted(environment.items()) if name not in _WITHOUT_EFFECT}


def installed_here(environment: Mapping[str, str]) -> str:
    """Return `fingerprint` of this Python, its packages, and Node."""
    packages = {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}
    node = shutil.which(environment.get("JSII_NODE", "node"), path=environment.get("PATH"))
    return fingerprint(sorted(packages), [sys.executable, *([node] if node else [])], version=sys.version)


def fingerprint(packages: Iterable[Path], programs: Iterable[str | Path], *, version: str) -> str:
    """Return a hash that changes with each file that is installed: by name, size and time, as Python knows it."""
    installed = [sorted(_stats(str(folder.resolve()))) for folder in packages]
    resolved = [Path(program).resolve() for program in programs]
    return _hash([version, installed, [(str(path), *_stat(path.stat())) for path in resolved]])


def _files(root: Path, sources: Sequence[str]) -> list[str]:
    found = (path for source in sources for path in (root / source, *_walk(root / source)))
    return sorted(path.relative_to(root).as_posix() for path in found if path.is_file() and path.suffix != ".pyc")


def _walk(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder, followlinks=True):  # as an import does
        yield from (Path(parent, name) for name in names)


def _stats(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                is_dangling = entry.is_symlink() and not entry.is_file()
                yield (entry.path, *_stat(entry.stat(follow_symlinks=not is_dangling)))
            elif entry.name != "__pycache__":
                yield from _stats(entry.path)


def _stat(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _hash(document: object) -> str:
    return hashlib.sha256(json.dumps(document).encode()).hexdigest()
