"""Scoring: raw records and the champion's serving artefact in; what it predicts, and the records it cannot read, out.

The artefact brings the code that it was registered with, and that code reads, judges and predicts the records: this
job unpacks and starts it. A model is so scored as it was evaluated, whatever has become of our code since.
"""

import argparse
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

from processing.job import JobError, add_arguments, read_instance, run
from processing.serving_files import ARCHIVE, BATCH_MODULE, CODE

NO_CHAMPION = "none"
"""What the champion is called where no version is approved."""


@dataclass(frozen=True)
class ScoreOptions:
    """The job's folders and files, and what it is told of the champion."""

    raw: Path
    champion_model: Path
    predictions: Path
    rejected: Path
    resource_config: Path
    message: Path
    champion: str
    """ARN of its version, or "none"."""
    contributions: str
    """Whether to write what each column adds to each prediction: "true" or "false"."""


def main(argv: Sequence[str], _environment: Mapping[str, str]) -> int:
    """Run the job that the command line describes; the artefact's code finds DATA_VERSION in its environment, too."""
    parser = argparse.ArgumentParser(prog="score")
    add_arguments(parser, ScoreOptions)
    options = ScoreOptions(**vars(parser.parse_args(argv)))
    return run(partial(start_scoring, options), message=options.message)


def start_scoring(options: ScoreOptions) -> None:
    """Let the champion's own code score; raise `JobError` where there is none, or where it cannot."""
    archive = options.champion_model / ARCHIVE
    if options.champion == NO_CHAMPION:
        raise JobError("no version of the model is approved: approve one, and start the scoring again")
    if not archive.is_file():
        version = options.champion.rpartition("/")[2]
        raise JobError(f"version {version} has no serving artefact: run the training again, and approve what it makes")
    if not read_instance(options.resource_config).leads:
        return
    with tempfile.TemporaryDirectory() as folder:
        _unpack(archive, folder)
        command = [sys.executable, "-m", BATCH_MODULE, "--model", folder, *_hand_on(options)]
        # Where it starts is where it finds its modules first, and not in this job's archive.
        ended = subprocess.run(command, cwd=Path(folder) / CODE, check=False)
    if ended.returncode:
        raise JobError(_read_message(options.message) or _describe_end(ended.returncode))


def _unpack(archive: Path, folder: str) -> None:
    try:
        with tarfile.open(archive, "r:gz") as file:
            file.extractall(folder, filter="data")
    except (OSError, EOFError, tarfile.TarError) as error:
        raise JobError(f"{archive.name} cannot be unpacked: approve another version, or train again") from error


def _hand_on(options: ScoreOptions) -> list[str]:
    """Return *options* for a process that starts in another folder."""
    given = {field.name: getattr(options, field.name) for field in fields(options)}
    paths = ("raw", "predictions", "rejected", "message")
    words = {**{name: given[name].absolute() for name in paths}, "version": options.champion}
    words["contributions"] = options.contributions
    return [word for name, value in words.items() for word in (f"--{name}", str(value))]


def _read_message(message: Path) -> str:
    return message.read_text(encoding="utf-8") if message.is_file() else ""


def _describe_end(code: int) -> str:
    how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return f"the code of the artefact {how}: read the log of this job; for more memory, give a larger instance type"
