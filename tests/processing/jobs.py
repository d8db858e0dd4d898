"""Runs the two processing jobs on files, as their containers do, but in this process."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.mock_data import COLUMNS, employees
from processing import preprocess, split

SEED = "a-seed"
DATA_VERSION = "2026-11-23T05:00:00Z"
PROFILE = '{"address": "1 Oak Lane, Cork", "phone": "1", "email": "a@example.com"}'


@dataclass(frozen=True)
class Jobs:
    """A folder in which preprocessing and split run, with as many instances as asked."""

    root: Path
    instances: int = 1
    minimum_training_rows: int = 5
    maximum_rejected_share: float = 0.05
    seed: str = SEED

    @property
    def raw(self) -> Path:
        folder = self.root / "raw"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def message(self) -> str:
        """What the last failed job said."""
        return (self.root / "message").read_text(encoding="utf-8")

    def preprocess(self) -> int:
        """Run the job on every instance; return the worst exit code."""
        folders = {name: self.root / name for name in ("raw", "cleaned", "transformed", "feature-model", "rejected")}
        options = [
            *("--split-seed", self.seed),
            *("--maximum-rejected-share", str(self.maximum_rejected_share)),
            *("--minimum-training-rows", str(self.minimum_training_rows)),
        ]
        return max(
            preprocess.main([*self._arguments(folders, instance), *options], {"DATA_VERSION": DATA_VERSION})
            for instance in range(self.instances)
        )

    def split(self) -> int:
        """Run the job on every instance; return the worst exit code."""
        names = ("cleaned", "transformed", "feature-model", "train", "validation", "test", "readable-test")
        folders = {name: self.root / name for name in names}
        return max(split.main(self._arguments(folders, instance), {}) for instance in range(self.instances))

    def _arguments(self, folders: dict[str, Path], instance: int) -> list[str]:
        hosts = [f"algo-{number + 1}" for number in range(self.instances)]
        config = self.root / "resourceconfig.json"
        config.write_text(json.dumps({"current_host": hosts[instance], "hosts": hosts}))
        words = [word for name, folder in folders.items() for word in (f"--{name}", str(folder))]
        return [*words, "--resource-config", str(config), "--message", str(self.root / "message")]

    def write(
        self, rows: Iterable[Sequence[str]], name: str = "employees.csv", *, header: Sequence[str] = COLUMNS
    ) -> Path:
        """Write a raw file."""
        path = self.raw / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    def read(self, name: str) -> list[str]:
        """Return the lines of all files of one output, headers included."""
        paths = sorted((self.root / name).glob("*"))
        return [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]

    def rejected(self) -> list[list[str]]:
        """Return the rejected rows: file, row, column, reason."""
        return [line.split(",", 3) for line in self.read("rejected")[1:]]


def good_rows(count: int = 100) -> list[list[str]]:
    """Return *count* rows with nothing wrong and nothing missing."""
    complete = (row for row in employees(20 * count + 50, seed=1) if len(row) == len(COLUMNS) and all(row))
    rows = [row for row in complete if row[3][0] != "-" and row[5][4] == "-" and row[6].endswith("}")]
    unique = list({row[0]: row for row in rows}.values())
    return [list(row) for row in unique[:count]]


def column(name: str) -> int:
    """Return the place of a raw column."""
    return COLUMNS.index(name)
