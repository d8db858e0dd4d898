"""Packs our code into archives: a processing step with just the modules it imports, and a Lambda function."""

import io
import zipfile
from collections.abc import Mapping
from modulefinder import ModuleFinder
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "processing"
SOURCE = ROOT / PACKAGE
DATA_CONTRACT = "contract/data_contract.toml"
FUNCTIONS = ROOT / "functions"

CARRIED = {"evaluate": ("inference.wsgi", "inference.__main__", "inference.batch")}
"""Modules that a job does not import but hands on, with all that they import: evaluation packs what serves a model."""

_MAIN = """\
import os
import sys


class WithoutPandas:
    # Where pyarrow finds pandas, it imports it to see that nothing it is given is of pandas: a fifth of a second.
    def find_spec(name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, WithoutPandas)

from {module} import main

sys.exit(main(sys.argv[1:], os.environ))
"""


_MAIN_ON_SPARK = """\
import os
import sys

from processing.engines.launcher import launch

sys.exit(launch(sys.argv, os.environ))
"""

_SUBMITTED = """\
import os
import sys

from processing.engines import spark
from {module} import main

sys.exit(main(sys.argv[1:], os.environ, spark.start))
"""
"""`processing/engines/launcher.py` submits it to Spark."""

ON_SPARK = ("processing.engines.launcher", "processing.engines.spark")


def step_archive(job: str, data_contract: Path | None = None, *, on_spark: bool = False) -> bytes:
    """Return a ZIP that `python3` runs: its `__main__` calls `main` of *job*, a module of `processing.jobs`.

        Path("split.zip").write_bytes(step_archive("split"))  # python3 split.zip --help

    A job that reads the data contract gets *data_contract* under the name of the one that lies there. In the Spark
    image `__main__` has Spark do so.
    """
    replaced = {SOURCE / DATA_CONTRACT: data_contract} if data_contract else {}
    module = f"{PACKAGE}.jobs.{job}"
    programs = {"__main__.py": _MAIN_ON_SPARK, "submitted.py": _SUBMITTED} if on_spark else {"__main__.py": _MAIN}
    members = {name: text.format(module=module).encode() for name, text in programs.items()}
    for path in _imported(module, *CARRIED.get(job, ()), *(ON_SPARK if on_spark else ())):
        # A module's data lies beside it, under its name.
        for file in filter(Path.is_file, (path, path.with_suffix(".toml"))):
            members[file.relative_to(SOURCE.parent).as_posix()] = replaced.get(file, file).read_bytes()
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


def _imported(*modules: str) -> list[Path]:
    """Return the files of *modules*, of all modules of ours that they import, directly or not, and their packages.

    In whatever form and wherever they are imported: the finder reads compiled code. It looks nowhere but in our folder.
    """
    finder = ModuleFinder(path=[str(SOURCE.parent)])
    for module in modules:
        finder.import_hook(module)
    files = (vars(module)["__file__"] for module in finder.modules.values())
    return sorted(Path(file) for file in files if file)  # what Python has built in has none
