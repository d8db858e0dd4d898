"""Draws windows of records, unchanged or shifted by so much, for the monitor job's own code to judge."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.traffic_kinds import Row
from data.mock_data import COLUMNS
from inference.application import Answerer
from local_runner.endpoint.capture import CONTENT_TYPES, CapturedAnswer
from processing.contract.data_contract import read_contract
from processing.contract.report import Figures
from processing.monitoring.drift import Drift, Sensitivity, choose_columns, find_drift, measure
from processing.monitoring.verdict import Verdict, judge

VERSION = "1"
REQUEST_RECORDS = 100

SENSITIVITY = Sensitivity(minimum_records=300, limit_share=0.5, drifted_share=0.1)
"""The settings' own."""

_WATCHED = choose_columns(read_contract())


def answer_lines(
    rows: Sequence[Row], answerer: Answerer, time: datetime, records: int = REQUEST_RECORDS
) -> Iterator[str]:
    """Yield what is captured where *answerer* answers *rows*, as if so many *records* were in a request."""
    sent = [
        {name: value for name, value in zip(COLUMNS, row, strict=True) if name not in ("name", "bonus")} for row in rows
    ]
    for start in range(0, len(sent), REQUEST_RECORDS):
        answer = answerer.answer(json.dumps(sent[start : start + REQUEST_RECORDS]).encode(), "application/json")
        predictions = answer["predictions"]
        for first in range(0, len(predictions), records):
            part = {**answer, "predictions": predictions[first : first + records]}
            content, event = json.dumps(part).encode(), f"{start + first:036}"
            yield CapturedAnswer("bench", content, "application/json", time, event).to_line(CONTENT_TYPES)


def compare(window: pa.RecordBatch, baseline: Figures) -> tuple[Verdict, Drift]:
    """Return what the monitor job says of a window."""
    drift = find_drift(measure(window, _WATCHED), baseline, _WATCHED, SENSITIVITY)
    return judge(drift, None, SENSITIVITY), drift


def draw(pool: pa.RecordBatch, size: int, count: int, seed: int) -> Iterator[pa.RecordBatch]:
    """Yield *count* windows of *size* different records each."""
    generator = np.random.default_rng(seed)
    for _ in range(count):
        yield pool.take(pa.array(generator.choice(pool.num_rows, size, replace=False)))


def shift(window: pa.RecordBatch, column: str, amount: float, baseline: Figures) -> pa.RecordBatch:
    """Return *window* with a number moved by *amount* standard deviations, or with that share of it moved to Sales."""
    values = window[column]
    if pa.types.is_floating(values.type):
        moved = pc.add(values, amount * baseline.columns[column]["standard_deviation"])
    else:
        others = np.flatnonzero(pc.fill_null(pc.not_equal(values, "Sales"), False))
        chosen = np.zeros(len(values), bool)
        chosen[others[: round(amount * len(values))]] = True
        moved = pc.if_else(pa.array(chosen), "Sales", values)
    return window.set_column(window.schema.get_field_index(column), column, moved)


def write_windows(path: Path, windows: Mapping[str, Sequence[pa.RecordBatch]]) -> None:
    """Write what another program judges: age, salary and department of each record, where they are valid."""
    columns = ("age", "salary", "department")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "number", *columns])
        for name, each in windows.items():
            for number, window in enumerate(each):
                rows = zip(*(window[column].to_pylist() for column in columns), strict=True)
                writer.writerows([name, number, *row] for row in rows)
