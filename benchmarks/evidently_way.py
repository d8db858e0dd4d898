"""Judges windows of traffic with Evidently's DataDriftPreset as it is: what our monitor job is compared with.

It runs in an environment of its own, without our packages: python evidently_way.py REFERENCE.csv WINDOWS.csv OUT.json
"""

import json
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

NUMBERS, CATEGORIES = ["age", "salary"], ["department"]


def judge(current: pd.DataFrame, reference: Dataset, definition: DataDefinition) -> dict[str, float]:
    """Return how many columns have drifted, and their share: the preset says that the data has where it is a half."""
    report = Report([DataDriftPreset()]).run(Dataset.from_pandas(current, data_definition=definition), reference)
    counted: dict[str, float] = next(
        metric["value"]
        for metric in report.dict()["metrics"]
        if metric["metric_name"].startswith("DriftedColumnsCount")
    )
    return counted


def main(argv: Sequence[str]) -> int:
    """Judge each window, and write what was found and how long one took."""
    warnings.simplefilter("ignore")
    reference, windows, out = map(Path, argv)
    columns = NUMBERS + CATEGORIES
    definition = DataDefinition(numerical_columns=NUMBERS, categorical_columns=CATEGORIES)
    known = Dataset.from_pandas(pd.read_csv(reference)[columns], data_definition=definition)
    found: dict[str, list[dict[str, Any]]] = {}
    started = time.process_time()
    for (name, _), rows in pd.read_csv(windows).groupby(["name", "number"], sort=False):
        found.setdefault(name, []).append(judge(rows[columns].reset_index(drop=True), known, definition))
    count = sum(map(len, found.values()))
    document = {"windows": found, "cpu_s_of_one": (time.process_time() - started) / count}
    out.write_text(json.dumps(document), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
