"""Runs the scoring job on files, as its container does."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.mock_data import COLUMNS
from processing.jobs.score import main

CHAMPION = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/empbonuspackagegroup-dev/7"


@dataclass(frozen=True)
class ScoringJob:
    """A folder in which the job runs."""

    root: Path
    champion_model: Path

    def write(self, rows: list[list[str]], name: str = "employees.csv", header: Sequence[str] = COLUMNS) -> None:
        (self.root / "raw").mkdir(exist_ok=True)
        with (self.root / "raw" / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    def run(self, *options: str, champion: str = CHAMPION) -> int:
        config = self.root / "resourceconfig.json"
        config.write_text('{"current_host": "algo-1", "hosts": ["algo-1"]}')
        folders = {name: self.root / name for name in ("raw", "predictions", "rejected", "message")}
        folders |= {"resource-config": config, "champion-model": self.champion_model}
        words = [word for name, path in folders.items() for word in (f"--{name}", str(path))]
        return main([*words, "--champion", champion, "--contributions", "false", *options], {})

    @property
    def message(self) -> str:
        return (self.root / "message").read_text(encoding="utf-8")

    def predictions(self) -> list[dict[str, str]]:
        with (self.root / "predictions/predictions.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def summary(self) -> Any:
        return json.loads((self.root / "predictions/scoring.json").read_text(encoding="utf-8"))
