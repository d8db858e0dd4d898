"""`python -m local_runner predict --input FILE`: what a registered version predicts for raw files.

The version's own code does it, as in the pipeline's scoring job.
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from rich.console import Console

from local_runner.choice import input_path
from local_runner.endpoint.container import Container, open_container
from local_runner.errors import RefusedError
from local_runner.versions import Version, add_options, find_group, find_version, number

_ENDINGS = (".csv", ".csv.gz")
_REJECTED = "rejected.csv"


@dataclass(frozen=True)
class Paths:
    """What is read and written."""

    raw: Path
    predictions: Path

    @property
    def rejected(self) -> Path:
        """The list of rows without a prediction, beside the predictions."""
        return self.predictions.with_name(f"{self.predictions.name.removesuffix('.csv')}.rejected.csv")

    def check(self) -> None:
        """Raise `RefusedError` where there is nothing to read, or where something read would be written over."""
        raw = self.raw
        if not raw.exists():
            raise RefusedError(f"input {raw} does not exist: give a CSV file or a folder of them")
        if raw.is_file() and not raw.name.lower().endswith(_ENDINGS):
            raise RefusedError(
                f"input {raw} ends in neither {' nor '.join(_ENDINGS)}: rename it, or save a workbook as 'CSV UTF-8'"
            )
        if not self.predictions.parent.is_dir():
            raise RefusedError(f"folder {self.predictions.parent} does not exist: make it, or give another OUT=...")
        for path in (self.predictions, self.rejected):
            if path.is_dir():
                raise RefusedError(f"{path} is a folder: name a file with OUT=...")
            if path.exists() and not path.is_file():  # a device, which would be replaced by the file
                raise RefusedError(f"{path} is no regular file: name another with OUT=...")
            if (path.exists() and path.samefile(raw)) or path.resolve().is_relative_to(raw.resolve()):
                raise RefusedError(f"{path} would be written over what is read: name another file with OUT=...")


def predict(argv: Sequence[str]) -> int:
    """Write the predictions that the command line asks for; raise `RefusedError` where there are none."""
    parser = argparse.ArgumentParser(prog="python -m local_runner", description=__doc__)
    parser.add_argument("command", choices=["predict"])
    parser.add_argument("--input", type=input_path, required=True, help="a raw CSV file, or a folder of them")
    parser.add_argument("--out", type=Path, help="where the predictions are written (beside the input)")
    parser.add_argument("--version", type=number, help="of the model package group (the newest that is approved)")
    add_options(parser)
    options = parser.parse_args(argv)
    raw = options.input.absolute()
    paths = Paths(raw, (options.out or raw.with_name(f"{raw.name}.predictions.csv")).expanduser().absolute())
    version = find_version(find_group(options), options.version)
    paths.check()
    summary = _score(version, paths)
    Console().print(describe(version, paths, summary), soft_wrap=True, highlight=False, markup=False)
    return 0


def describe(version: Version, paths: Paths, summary: Mapping[str, Any]) -> str:
    """Return what was predicted, and for which reasons rows were not."""
    lines = [f"{version}, {version.status}: predicted {summary['scored']:,} of {summary['rows']:,} rows"]
    lines += [f"  predictions  {paths.predictions}"]
    if summary["rejected"]:
        lines += [f"  rejected     {summary['rejected']:,} rows: {paths.rejected}"]
        lines += [f"    {count:>9,}  {reason}" for reason, count in summary["reasons"].items()]
    return "\n".join(lines)


def _score(version: Version, paths: Paths) -> dict[str, Any]:
    """Bring predictions and rejections into their paths, each at once, and return the summary."""
    beside = tempfile.TemporaryDirectory(prefix=".predict-", dir=paths.predictions.parent)
    with open_container(version) as container, beside as unfinished:
        failure = _run(version, container, paths.raw, Path(unfinished))
        if _REJECTED in failure or not failure:
            (Path(unfinished) / _REJECTED).replace(paths.rejected)
        if failure:
            raise RefusedError(failure.replace(_REJECTED, str(paths.rejected)))
        (Path(unfinished) / "predictions.csv").replace(paths.predictions)
        summary: dict[str, Any] = json.loads((Path(unfinished) / "scoring.json").read_text(encoding="utf-8"))
        return summary


def _run(version: Version, container: Container, raw: Path, out: Path) -> str:
    """Have the version's code write predictions for *raw* into *out*, and return why it could not, if so."""
    message = container.root / "message"
    options = {
        "--model": container.model,
        "--raw": raw if raw.is_dir() else _make_folder_of(raw, container.root / "raw"),
        "--predictions": out,
        "--rejected": out,
        "--message": message,
        "--version": version.number,
        "--contributions": "false",
    }
    command = container.command("inference.batch", *chain.from_iterable(options.items()))
    ended = subprocess.run(
        command, cwd=container.root, env=container.environment, capture_output=True, text=True, check=False
    )
    if not ended.returncode:
        return ""
    if message.is_file():
        return message.read_text(encoding="utf-8").strip()
    *_, said = [f"exit code {ended.returncode}", *ended.stderr.strip().splitlines()]
    return f"the code of {version} failed: {said}; take another with VERSION=..., or register one with make run"


def _make_folder_of(file: Path, folder: Path) -> Path:
    """Return *folder*, made to hold the *file* alone."""
    folder.mkdir()
    (folder / file.name).symlink_to(file)
    return folder
