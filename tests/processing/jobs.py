"""Runs the processing jobs on files, as their containers do, but in this process."""

import csv
import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from data.mock_data import COLUMNS, employees
from processing.contract import data_contract
from processing.contract.data_contract import Contract, parse
from processing.jobs import data_quality, evaluate, preprocess, split
from tests.processing.artefacts import write_artefact

SEED = "a-seed"
DATA_VERSION = "2026-11-23T05:00:00Z"
LIMITS = {
    "MinimumR2": ("regression_metrics.r2.value", "at_least", "number", "0.5"),
    "MaximumRmse": ("regression_metrics.rmse.value", "at_most", "number", "3000"),
    "MinimumImprovement": ("champion.improvement.value", "at_least", "share", "0.01"),
}
PROFILE = '{"address": "1 Oak Lane, Cork", "phone": "1", "email": "a@example.com"}'
CONTRACT = Path(data_contract.__file__).with_name(data_contract.FILE_NAME)

Numbers = npt.NDArray[np.float64]


def limit(name: str, value: str | None = None) -> list[str]:
    """Return the option that sets a limit, to another *value* where one is given."""
    *described, default = LIMITS[name]
    return ["--limit", name, *described, default if value is None else value]


@dataclass(frozen=True)
class Jobs:
    """A folder in which the jobs run."""

    root: Path
    minimum_training_rows: int = 5
    maximum_rejected_share: float = 0.05
    seed: str = SEED
    without: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("algo-1",)
    """The instances that share a job; this is the last one."""

    @property
    def raw(self) -> Path:
        folder = self.root / "raw"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def message(self) -> str:
        """What the last failed job said."""
        return (self.root / "message").read_text(encoding="utf-8")

    def check_quality(self) -> int:
        """Run the data quality job, with nothing to compare with."""
        folders = {name: self.root / name for name in ("raw", "baseline", "data-quality")}
        folders["baseline"].mkdir(exist_ok=True)
        return data_quality.main(self._arguments(folders), {"DATA_VERSION": DATA_VERSION})

    def preprocess(self) -> int:
        """Run the job; return its exit code."""
        folders = {name: self.root / name for name in ("raw", "cleaned", "transformed", "feature-model", "rejected")}
        options = [
            *("--split-seed", self.seed),
            *("--maximum-rejected-share", str(self.maximum_rejected_share)),
            *("--minimum-training-rows", str(self.minimum_training_rows)),
            *(("--without", *self.without) if self.without else ()),
        ]
        return preprocess.main([*self._arguments(folders), *options], {"DATA_VERSION": DATA_VERSION})

    def split(self, train_files: int = 1) -> int:
        """Run the job; return its exit code."""
        names = ("cleaned", "transformed", "feature-model", "train", "validation", "test", "readable-test")
        folders = {name: self.root / name for name in names}
        return split.main([*self._arguments(folders), "--train-files", str(train_files)], {})

    def train(self) -> None:
        """Fit a linear model, in place of the training job."""
        train = self.channel("train")
        design = np.column_stack([train[:, 1:], np.ones(len(train))])
        weights = np.linalg.lstsq(design, train[:, 0])[0].astype(np.float32)
        write_artefact(self.root / "model", weights[:-1], weights[-1])
        np.save(self.root / "weights.npy", weights.astype(np.float64))

    def predict(self, features: Numbers) -> Numbers:
        """Return what the trained model predicts, by its weights and not by its artefact."""
        weights = np.load(self.root / "weights.npy")
        predictions: Numbers = features @ weights[:-1] + weights[-1]
        return predictions

    def reported_mse(self, channel: str = "test") -> float:
        """Return what the training job would report."""
        rows = self.channel(channel)
        return float(np.mean((self.predict(rows[:, 1:]) - rows[:, 0]) ** 2))

    def evaluate(self, *options: str, champion: "Jobs | None" = None) -> int:
        """Run the job, against the model of *champion* if given; *options* come last, and so win."""
        names = ("model", "feature-model", "test", "readable-test", "train", "evaluation", "serving")
        folders = {name: self.root / name for name in names}
        placeholder = self.root / "placeholder"
        placeholder.mkdir(exist_ok=True)
        (placeholder / "none.txt").touch()
        for name in ("model", "feature-model", "evaluation"):
            folders[f"champion-{name}"] = champion.root / name if champion else placeholder
        words = [*self._arguments(folders), "--champion", champion.root.name if champion else "none"]
        words += [word for name in LIMITS for word in limit(name)]
        if not any(option.startswith("--reported") for option in options):
            words += ["--reported-test-mse", str(self.reported_mse())]
        return evaluate.main([*words, *options], {})

    def evaluation(self) -> dict[str, Any]:
        """Return the document that evaluation wrote."""
        document: dict[str, Any] = json.loads((self.root / "evaluation/evaluation.json").read_text(encoding="utf-8"))
        return document

    def feature_model(self) -> dict[str, Any]:
        """Return the document that preprocessing wrote."""
        document: dict[str, Any] = json.loads((self.root / "feature-model/feature_model.json").read_text("utf-8"))
        return document

    def channel(self, name: str) -> Numbers:
        """Return the numbers of all files of a channel, the label first."""
        return np.concatenate(
            [np.loadtxt(path, delimiter=",", ndmin=2) for path in sorted((self.root / name).glob("*"))]
        )

    def readable_test(self) -> pd.DataFrame:
        """Return the readable test rows of all files."""
        paths = sorted((self.root / "readable-test").glob("*"))
        return pd.concat([pd.read_csv(path, keep_default_na=False) for path in paths], ignore_index=True)

    def _arguments(self, folders: dict[str, Path]) -> list[str]:
        config = self.root / "resourceconfig.json"
        config.write_text(json.dumps({"current_host": self.hosts[-1], "hosts": self.hosts}))
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

    def read(self, name: str, files: str = "*") -> list[str]:
        """Return the lines of all *files* of one output, headers included."""
        paths = sorted((self.root / name).glob(files))
        return [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]

    def rejected(self) -> list[list[str]]:
        """Return the rejected rows: file, row, column, reason."""
        return list(csv.reader(self.read("rejected", "rejected.csv")[1:]))


def part_test_rows(jobs: Jobs, files: int) -> None:
    """Write the test rows, the numbers and the readable ones, to so many files in place of one."""
    for name, stem, headers in (("test", "test", 0), ("readable-test", "readable_test", 1)):
        path = jobs.root / name / f"{stem}.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.unlink()
        for number in range(files):
            rows = lines[headers:][number::files]
            path.with_name(f"{stem}.{number}.csv").write_text("".join([*lines[:headers], *rows]), encoding="utf-8")


def use_contract(monkeypatch: pytest.MonkeyPatch, *changes: tuple[str, str]) -> Contract:
    """Have the jobs read the contract with each of *changes*, of an old text to a new one; return it."""
    text = CONTRACT.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    contract = parse(text)
    for job in (data_quality, preprocess):
        monkeypatch.setattr(job, "read_contract", lambda: contract)
    return contract


def good_rows(count: int = 100) -> list[list[str]]:
    """Return *count* rows with nothing wrong and nothing missing, which may be changed."""
    return [list(row) for row in _good_rows(count)]


@functools.cache  # they take longer to make than a job to read
def _good_rows(count: int) -> Sequence[Sequence[str]]:
    complete = (row for row in employees(20 * count + 50, seed=1) if len(row) == len(COLUMNS) and all(row))
    rows = [row for row in complete if row[3][0] != "-" and row[5][4] == "-" and row[6].endswith("}")]
    unique = list({row[0]: row for row in rows}.values())
    return unique[:count]


def column(name: str) -> int:
    """Return the place of a raw column."""
    return COLUMNS.index(name)
