"""Serving predicts what training and evaluation predict, and says exactly what each column adds to it."""

import csv
import dataclasses
import itertools
import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.mock_data import COLUMNS
from inference.artefact import Artefact, unpack
from inference.scoring import ANONYMOUS, IDENTIFIED, score
from processing.features.features import CATEGORIES, FEATURES, feature_sources
from processing.records.columns import INPUTS
from processing.records.raw_data import stream
from processing.serving_files import ARCHIVE
from tests.inference.caller import RECORD, Caller
from tests.processing.jobs import Jobs, good_rows
from tests.processing.scoring_job import ScoringJob

FIELDS = [name for name in COLUMNS if name not in ("name", "bonus")]


@pytest.fixture(scope="module")
def expected(trained: Jobs) -> dict[str, float]:
    """What evaluation predicts for each test row, by its employee."""
    predictions = trained.predict(trained.channel("test")[:, 1:])
    return dict(zip(trained.readable_test()["employee_id"], predictions.tolist(), strict=True))


@pytest.fixture(scope="module")
def raw_rows(trained: Jobs, expected: dict[str, float]) -> list[dict[str, str]]:
    """The test rows as they were in the raw file, without the label."""
    with (trained.raw / "employees.csv").open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["employee_id"] in expected]
    assert len(found) == len(expected) > 100
    return [{name: row[name] for name in FIELDS} for row in found]


def assert_agree(predictions: list[dict[str, Any]], expected: dict[str, float]) -> None:
    assert {each["employee_id"] for each in predictions} == set(expected)
    found = [each["prediction"] for each in predictions]
    np.testing.assert_allclose(found, [expected[each["employee_id"]] for each in predictions], rtol=1e-9, atol=0)


def test_raw_test_rows_as_json_are_predicted_as_in_training(
    caller: Caller, raw_rows: list[dict[str, str]], expected: dict[str, float]
) -> None:
    assert_agree(caller.predict(*raw_rows), expected)


def test_numbers_objects_and_nulls_of_json_mean_what_their_texts_mean(
    caller: Caller, raw_rows: list[dict[str, str]], expected: dict[str, float]
) -> None:
    typed: list[dict[str, Any]] = [{name: value or None for name, value in row.items()} for row in raw_rows]
    for row in typed:
        row |= {name: float(row[name]) for name in ("age", "salary") if row[name]}
        row["profile"] = row["profile"] and json.loads(row["profile"])
        for name in [name for name, value in row.items() if value is None]:
            del row[name]
    assert_agree(caller.predict(*typed), expected)


def test_raw_test_rows_as_json_lines_are_predicted_as_in_training(
    caller: Caller, raw_rows: list[dict[str, str]], expected: dict[str, float]
) -> None:
    body = "\n".join(map(json.dumps, raw_rows))
    assert_agree(caller.send(body, "application/jsonlines").predictions, expected)


def test_raw_test_rows_as_csv_in_any_order_are_predicted_as_in_training(
    caller: Caller, raw_rows: list[dict[str, str]], expected: dict[str, float], tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["name", *reversed(FIELDS)], restval="Kim, nobody")
        writer.writeheader()
        writer.writerows(raw_rows)
    assert_agree(caller.send(path.read_bytes(), "text/csv; charset=utf-8").predictions, expected)


def test_raw_files_without_a_label_are_predicted_as_in_training(
    artefact: Artefact, raw_rows: list[dict[str, str]], expected: dict[str, float], tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(raw_rows)
    for batch in stream(path.name, path, artefact.file_format):
        scores = score(batch, artefact)
        ids = scores.employee_ids.to_pylist()
        pairs = zip(ids, scores.predictions.tolist(), strict=True)
        assert_agree([{"employee_id": who, "prediction": value} for who, value in pairs], expected)


def test_employee_of_a_file_is_named_and_that_of_a_request_need_not_be(artefact: Artefact, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"{','.join(FIELDS)}\n,41,68060,Sales,2020-02-29,\n")
    (batch,) = stream(path.name, path, artefact.file_format)
    assert [(each.row, each.column, each.reason) for each in score(batch, artefact, columns=IDENTIFIED).rejections] == [
        (2, "employee_id", "missing")
    ]
    assert len(score(batch, artefact, columns=ANONYMOUS).predictions) == 1


def test_contributions_and_baseline_add_up_to_the_prediction(
    caller: Caller, raw_rows: list[dict[str, str]], trained: Jobs
) -> None:
    answer = caller.send(json.dumps(raw_rows), query="contributions=true")
    baseline = answer.document["baseline"]
    mean_prediction = float(np.mean(trained.predict(trained.channel("train")[:, 1:])))
    assert baseline == pytest.approx(mean_prediction, rel=1e-9)
    for each in answer.predictions:
        assert set(each["contributions"]) == {column.source for column in INPUTS}
        assert baseline + sum(each["contributions"].values()) == pytest.approx(each["prediction"], rel=1e-9)


def test_contributions_are_the_shapley_values_of_the_raw_columns(
    caller: Caller, raw_rows: list[dict[str, str]], trained: Jobs, artefact: Artefact
) -> None:
    """By definition: over all coalitions of columns, with the training rows in place of who is not in one."""
    sample = raw_rows[:3]
    answers = caller.predict(*sample, query="contributions=true")
    order = trained.readable_test()["employee_id"].tolist()
    training, test = trained.channel("train")[:, 1:], trained.channel("test")[:, 1:]
    sources = np.array(feature_sources(artefact.features))
    players = sorted(set(sources))
    for row, answer in zip(sample, answers, strict=True):
        features = test[order.index(row["employee_id"])]
        worth = {}
        for size in range(len(players) + 1):
            for coalition in itertools.combinations(players, size):
                mixed = np.where(np.isin(sources, coalition), features, training)
                worth[frozenset(coalition)] = float(trained.predict(mixed).mean())
        for player in players:
            value = sum(
                math.factorial(len(each))
                * math.factorial(len(players) - len(each) - 1)
                * (worth[each | {player}] - now)
                for each, now in worth.items()
                if player not in each
            ) / math.factorial(len(players))
            assert answer["contributions"][player] == pytest.approx(value, abs=1e-6)


def test_evaluation_tells_the_mean_absolute_contribution_of_each_column(
    caller: Caller, raw_rows: list[dict[str, str]], trained: Jobs
) -> None:
    answer = caller.send(json.dumps(raw_rows), query="contributions=true")
    found = trained.evaluation()["explanations"]
    assert found["baseline"] == pytest.approx(answer.document["baseline"], rel=1e-9)
    assert set(found["importance"]) == {column.source for column in INPUTS}
    for name, importance in found["importance"].items():
        added = [abs(each["contributions"][name]) for each in answer.predictions]
        assert importance == pytest.approx(np.mean(added), rel=1e-9)


def test_evaluation_tells_what_another_age_alone_changes_of_a_prediction(
    caller: Caller, raw_rows: list[dict[str, str]], trained: Jobs
) -> None:
    effects = trained.evaluation()["explanations"]["effects"]["age"]
    ages = [each["value"] for each in effects["values"]]
    trained_ages = trained.channel("train")[:, 1 + trained.feature_model()["features"].index("age")]
    assert ages == [age for age in range(20, 71, 5) if trained_ages.min() <= age <= trained_ages.max()]
    assert len(ages) > 5
    assert effects["reference"] == trained.feature_model()["age_median"]
    for row in raw_rows[:3]:
        at_reference, *others = caller.predict(*({**row, "age": str(age)} for age in (effects["reference"], *ages)))
        found = [each["prediction"] - at_reference["prediction"] for each in others]
        assert [each["effect"] for each in effects["values"]] == pytest.approx(found, abs=1e-6)


@pytest.mark.parametrize(
    "change",
    [
        {"age": 62},
        {"salary": 31000},
        {"department": "Finance"},
        {"hire_date": "1999-12-31"},
        {"profile": {"address": "x" * 90}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_change_of_one_column_changes_its_own_contribution_and_no_other(
    caller: Caller, change: dict[str, object]
) -> None:
    before, after = caller.predict(RECORD, RECORD | change, query="contributions=true")
    (changed,) = change
    moved = {name for name, value in before["contributions"].items() if value != after["contributions"][name]}
    assert moved == {changed}


@pytest.fixture(scope="module")
def ageless(trained: Jobs, tmp_path_factory: pytest.TempPathFactory) -> Jobs:
    """A model that does not know the age, of the same rows."""
    jobs = dataclasses.replace(trained, root=tmp_path_factory.mktemp("ageless"), without=("age",))
    shutil.copy(trained.raw / "employees.csv", jobs.raw)
    assert jobs.preprocess() == jobs.split() == 0
    jobs.train()
    assert jobs.evaluate() == 0, jobs.message
    return jobs


def test_column_left_out_changes_no_prediction_and_contributes_nothing(
    ageless: Jobs, raw_rows: list[dict[str, str]], tmp_path: Path
) -> None:
    unpack(ageless.root / "serving" / ARCHIVE, tmp_path)
    caller = Caller.of(tmp_path, version="7")
    ages: list[object] = [15, "39.5", 100, None]
    answers = caller.predict(*({**raw_rows[0], "age": age} for age in ages), query="contributions=true")
    assert len({each["prediction"] for each in answers}) == 1
    assert set(answers[0]["contributions"]) == {column.source for column in INPUTS} - {"age"}
    predicted = ageless.predict(ageless.channel("test")[:, 1:]).tolist()
    assert_agree(caller.predict(*raw_rows), dict(zip(ageless.readable_test()["employee_id"], predicted, strict=True)))
    (refused,) = caller.predict({**raw_rows[0], "age": 101})
    assert refused["error"] == {"field": "age", "reason": "not a number from 15 to 100"}


def test_column_left_out_has_no_contribution_in_files(ageless: Jobs, tmp_path: Path) -> None:
    scoring = ScoringJob(tmp_path, ageless.root / "serving")
    scoring.write(good_rows(20))
    assert scoring.run("--contributions", "true") == 0, scoring.message
    for row in scoring.predictions():
        added = {name: float(value) for name, value in row.items() if name.startswith("contribution_")}
        assert set(added) == {f"contribution_{column.source}" for column in INPUTS} - {"contribution_age"}
        assert float(row["baseline"]) + sum(added.values()) == pytest.approx(float(row["prediction"]), rel=1e-9)


def test_contributions_are_given_only_when_asked_for(caller: Caller) -> None:
    body = json.dumps(RECORD)
    assert "contributions" not in caller.send(body).predictions[0]
    assert "baseline" not in caller.send(body).document
    asked = caller.send(body, environ={"HTTP_X_AMZN_SAGEMAKER_CUSTOM_ATTRIBUTES": "contributions=true"})
    assert asked.document == caller.send(body, query="contributions=true").document
    assert "contributions" in asked.predictions[0]


def test_every_feature_is_made_from_one_raw_column() -> None:
    """Or its contribution would not be that of a column."""
    assert all(len(each.inputs or (each.name,)) == 1 for each in (*FEATURES, *CATEGORIES))
