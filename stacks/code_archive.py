"""Packs a processing step, and just the modules it imports, into an archive that `python3` runs."""

import ast
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "processing"
SOURCE = Path(__file__).parent.parent / PACKAGE

_MAIN = """\
import os
import sys

from {package}.{module} import main

sys.exit(main(sys.argv[1:], os.environ))
"""


def archive(module: str) -> bytes:
    """Return a ZIP whose `__main__` runs `main` of *module* of the processing package.

    Stored, not compressed, without dates: neither the machine nor its zlib shows in the bytes, which name the archive.
    """
    members = {"__main__.py": _MAIN.format(package=PACKAGE, module=module).encode()}
    for name in sorted(_needed({"__init__", module})):
        members[f"{PACKAGE}/{name}.py"] = (SOURCE / f"{name}.py").read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content)
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
