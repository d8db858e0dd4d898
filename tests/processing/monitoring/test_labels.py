"""Captured predictions are joined with later labels of employees that the champion was not trained on."""

import datetime
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from processing.contract.data_contract import read_contract
from processing.features.feature_model import FeatureModel
from processing.features.split_key import split_keys
from processing.monitoring.labels import Quality, Registered, compare_errors, measure_quality, read_registered
from processing.monitoring.records import SCHEMA
from processing.records.text_hash import hash_texts
from tests.processing.jobs import SEED, good_rows
from tests.processing.monitoring.monitor_job import MonitorJob

CHAMPION = FeatureModel(
    data_version="1",
    split_seed=SEED,
    train_below=2**63,
    test_from=2**64 - 2**60,
    reference_date=datetime.date(2026, 1, 1),
    label_mean=7_000.0,
    medians={"age": 40.0, "salary": 60_000.0},
    salary_bounds=(50_000.0, 70_000.0),
    departments=("Sales", "unknown"),
    without=(),
)
"""Was trained on about half of all employees."""

ROWS = good_rows(300)
NEW = [row for row in ROWS if split_keys([row[0]], SEED)[0] >= 2**63]
ERRORS = {row[0]: float(100 + 7 * index % 900) for index, row in enumerate(ROWS)}


def predicted(rows: list[list[str]] = ROWS, *, named: bool = True) -> pa.RecordBatch:
    """Return records of *rows* with predictions that are off by `ERRORS`."""
    ids = [row[0] for row in rows]
    predictions = [float(row[7]) + ERRORS[row[0]] for row in rows]
    columns: dict[str, Any] = {field.name: pa.nulls(len(rows), field.type) for field in SCHEMA}
    columns |= {"identity": hash_texts(pa.array(ids)), "named": [named] * len(ids), "prediction": predictions}
    return pa.RecordBatch.from_pydict(columns, schema=SCHEMA).sort_by("identity")


def measure(
    job: MonitorJob, records: pa.RecordBatch, minimum: int = 100, registered: Registered | None = None
) -> Quality:
    return measure_quality(records, job.root / "labels", read_contract(), CHAMPION, registered, minimum)


def rmse(rows: list[list[str]]) -> float:
    return math.sqrt(sum(ERRORS[row[0]] ** 2 for row in rows) / len(rows))


def test_error_is_that_of_the_rows_that_the_champion_was_not_trained_on(job: MonitorJob) -> None:
    job.write_rows([*ROWS[:100], *good_rows(400)[300:]], "labels", "a.csv")
    job.write_rows(ROWS[100:], "labels", "b.csv")
    found = measure(job, predicted())
    assert 100 < len(NEW) < 200
    assert (found.predicted, found.joined) == (300, len(NEW))
    assert found.rmse
    assert found.rmse.value == pytest.approx(rmse(NEW))
    assert found.rmse.low < found.rmse.value < found.rmse.high


def test_first_row_of_an_employee_counts_as_in_training(job: MonitorJob) -> None:
    later = [[*row[:7], "1.00"] for row in ROWS]
    job.write_rows([*ROWS[:150], *later[:150]], "labels", "a.csv")
    job.write_rows([*ROWS[150:], *later], "labels", "b.csv")
    found = measure(job, predicted())
    assert found.rmse
    assert found.joined == len(NEW)
    assert found.rmse.value == pytest.approx(rmse(NEW))


def test_labels_that_are_missing_or_invalid_and_records_without_an_id_are_not_joined(job: MonitorJob) -> None:
    unusable = {row[0]: "" if index % 2 else "-5" for index, row in enumerate(NEW[:40])}
    job.write_rows([[*row[:7], unusable.get(row[0], row[7])] for row in ROWS], "labels")
    found = measure(job, predicted(), minimum=1)
    assert found.joined == len(NEW) - 40
    assert measure(job, predicted(named=False), minimum=1) == Quality(0, 0, None, None, worse=False)


def test_fewer_labels_than_asked_for_say_nothing(job: MonitorJob) -> None:
    job.write_rows(ROWS, "labels")
    worse = Registered(1.0, 0.1)
    assert measure(job, predicted(), len(NEW), worse).worse
    assert measure(job, predicted(), len(NEW) + 1, worse) == Quality(300, len(NEW), None, None, worse=False)


def errors(deviation: float, count: int = 400, seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(0, deviation, count)


def test_interval_is_that_of_a_bootstrap() -> None:
    found, _ = compare_errors(errors(100.0), None)
    assert found.value == pytest.approx(math.sqrt(np.mean(errors(100.0) ** 2)))
    # Of a normal distribution: the standard error of a standard deviation is it over the root of 2 n.
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * 100 / math.sqrt(800), rel=0.15)


def test_error_is_worse_beyond_what_chance_explains_in_both() -> None:
    sure, unsure = Registered(100.0, 1.0), Registered(100.0, 15.0)
    assert [compare_errors(errors(each), sure)[1] for each in (100, 105, 125)] == [False, False, True]
    assert not compare_errors(errors(125.0), unsure)[1]
    assert not compare_errors(errors(60.0), sure)[1]


def test_equal_errors_are_called_worse_in_about_one_of_forty_windows() -> None:
    generator = np.random.default_rng(0)
    registered = [Registered(float(generator.normal(100, 3.5)), 3.5) for _ in range(40)]
    worse = [compare_errors(errors(100.0, seed=seed), each)[1] for seed, each in enumerate(registered)]
    assert sum(worse) <= 4


RMSE = '{"regression_metrics": {"rmse": {"value": %s, "standard_deviation": %s}}}'


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '"x"', *(RMSE % each for each in (("null", "1"), ("NaN", "1"), ("1", "Infinity"), ("1", "-1")))],
)
def test_champion_without_readable_evaluation_is_compared_with_nothing(tmp_path: Path, text: str) -> None:
    assert read_registered(tmp_path) is None
    (tmp_path / "evaluation.json").write_text(text)
    assert read_registered(tmp_path) is None
    figures = {"regression_metrics": {"rmse": {"value": 1_200, "standard_deviation": 30}}}
    (tmp_path / "evaluation.json").write_text(json.dumps(figures))
    assert read_registered(tmp_path) == Registered(1_200.0, 30.0)
