"""Packs our code into archives: a processing step with just the modules it imports, and a Lambda function."""

import ast
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "processing"
SOURCE = ROOT / PACKAGE
FUNCTIONS = ROOT / "functions"

_MAIN = """\
import os
import sys

from {package}.{module} import main

sys.exit(main(sys.argv[1:], os.environ))
"""


def step_archive(module: str) -> bytes:
    """Return a ZIP that `python3` runs: its `__main__` calls `main` of *module* of the processing package."""
    members = {"__main__.py": _MAIN.format(package=PACKAGE, module=module).encode()}
    for name in sorted(_needed({"__init__", module})):
        # A module's data lies beside it, under its name.
        for path in (SOURCE / f"{name}.py", SOURCE / f"{name}.toml"):
            if path.is_file():
                members[f"{PACKAGE}/{path.name}"] = path.read_bytes()
    return _pack(members)


def function_archive(module: str) -> bytes:
    """Return a ZIP with *module* of the functions package, as Lambda takes it; boto3 is in Lambda's runtime."""
    return _pack({f"{module}.py": (FUNCTIONS / f"{module}.py").read_bytes()})


def _pack(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of *members*.

    Stored, not compressed, without dates: neither the machine nor its zlib shows in the bytes, which name the archive.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o644 << 16  # Lambda runs as a user who does not own the files
            file.writestr(info, content)
    return out.getvalue()


def _needed(modules: set[str]) -> set[str]:
    """Return *modules* and all modules of the package that they import, directly or not."""
    imported = {name for module in modules for name in _imports(module)}
    return modules if imported <= modules else _needed(modules | imported)


def _imports(module: str) -> Iterator[str]:
    tree = ast.parse((SOURCE / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}."):
            yield str(node.module).removeprefix(f"{PACKAGE}.")
