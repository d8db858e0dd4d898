"""The champion is scored on the challenger's test rows with its own feature model, but not on rows that trained it."""

import dataclasses
import hashlib
import json
import logging
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.metrics import root_mean_squared_error

from data.mock_data import employees
from processing.evaluation.comparison import improvement
from tests.processing import plain_pandas
from tests.processing.jobs import Jobs, column, part_test_rows

ROWS = 3_000
UNKNOWN = {"value": 0.0, "low": 0.0, "high": 0.0, "significant": 0}


def trained(jobs: Jobs, rows: list[list[str]]) -> Jobs:
    jobs.write(rows)
    assert jobs.preprocess() == jobs.split() == 0
    jobs.train()
    return jobs


def odd_rows() -> list[list[str]]:
    """Return rows with what a round trip through a readable file could spoil."""
    rows = list(employees(ROWS, seed=21))
    for place in range(0, 900, 9):
        rows[place][column("department")] = ['R&D, "Blue"', "two\nlines", "unknown", "NA"][place % 4]
    for place in range(1, 901, 9):
        rows[place][column("hire_date")] = ["0001-01-01", "2030-12-31", "2000-02-29"][place % 3]
    for place in range(2, 902, 9):
        rows[place][column("employee_id")] = f"null {place}, é"
    return rows


def champion_of_less_data(folder: Path, seed: str = "a-seed", without: tuple[str, ...] = ()) -> Jobs:
    """Train a champion whose medians, bounds, departments and reference date are others."""
    rows = [list(row) for row in odd_rows()[:1_800] if "Sales" not in row]
    for row in rows:
        if row[2].isdigit():
            row[2] = str(int(row[2]) + 7)
        row[5] = min(row[5], "2019-12-31")
    return trained(Jobs(folder, seed=seed, without=without), rows)


@pytest.fixture
def challenger(tmp_path: Path) -> Jobs:
    return trained(Jobs(tmp_path / "challenger"), odd_rows())


def predictions_by_pandas(champion: Jobs, challenger: Jobs) -> pd.DataFrame:
    """Return actual and predicted bonus of the challenger's test rows, from their raw form."""
    rows = plain_pandas.read(challenger.raw / "employees.csv").set_index("employee_id", drop=False)
    rows = rows.loc[challenger.readable_test()["employee_id"]]
    learnt = champion.feature_model()
    cleaned = plain_pandas.clean(rows, learnt)
    features = plain_pandas.transform(cleaned, learnt["departments"], learnt.get("without", ()))
    assert list(features) == learnt["features"]
    return pd.DataFrame({"actual": rows["bonus"], "predicted": champion.predict(features.to_numpy(dtype=float))})


def trained_on(champion: Jobs, challenger: Jobs) -> npt.NDArray[np.bool_]:
    """Say which of the challenger's test rows are below the champion's cut."""
    key, cut = champion.seed.encode(), int(champion.feature_model()["train_below"], 16)
    digests = [
        hashlib.blake2b(text.encode(), digest_size=8, key=key).digest()
        for text in challenger.readable_test()["employee_id"]
    ]
    return np.array([int.from_bytes(digest, "big") < cut for digest in digests])


@pytest.mark.parametrize("seed", ["a-seed", "another"])
def test_champion_is_scored_as_it_would_have_predicted_the_raw_rows(
    tmp_path: Path, challenger: Jobs, seed: str
) -> None:
    champion = champion_of_less_data(tmp_path / "champion", seed)
    ours, theirs = challenger.feature_model(), champion.feature_model()
    for name in ("age_median", "salary_median", "salary_bounds", "departments", "reference_date"):
        assert ours[name] != theirs[name]
    assert challenger.evaluate(champion=champion) == 0
    found = challenger.evaluation()["champion"]
    unseen = ~trained_on(champion, challenger)
    expected = predictions_by_pandas(champion, challenger)[unseen]
    own = challenger.channel("test")[unseen]
    own_rmse = root_mean_squared_error(own[:, 0], challenger.predict(own[:, 1:]))
    rmse = root_mean_squared_error(expected["actual"], expected["predicted"])
    assert found == {
        "present": True,
        "name": "champion",
        "rows": unseen.sum(),
        "excluded_rows": len(unseen) - unseen.sum(),
        "rmse": {"value": pytest.approx(rmse, rel=1e-9)},
        "challenger_rmse": {"value": pytest.approx(own_rmse, rel=1e-9)},
        "improvement": {"value": pytest.approx(1 - own_rmse / rmse, rel=1e-9)},
        "worsening": UNKNOWN,
    }


def test_rows_that_the_champion_was_trained_on_do_not_count(tmp_path: Path, challenger: Jobs) -> None:
    champion = champion_of_less_data(tmp_path / "champion", "another")
    assert challenger.evaluate(champion=champion) == 0
    document = challenger.evaluation()
    seen = trained_on(champion, challenger)
    assert 0.5 * len(seen) < seen.sum() < 0.9 * len(seen)
    assert document["champion"]["excluded_rows"] == seen.sum()
    assert document["champion"]["rows"] + document["champion"]["excluded_rows"] == document["rows"]


def test_with_the_same_split_seed_all_test_rows_count(tmp_path: Path, challenger: Jobs) -> None:
    champion = champion_of_less_data(tmp_path / "champion")
    assert challenger.evaluate(champion=champion) == 0
    assert challenger.evaluation()["champion"]["excluded_rows"] == 0


@pytest.mark.parametrize("older", [True, False], ids=["champion of schema 2", "champion of schema 3"])
def test_models_with_a_column_and_without_are_compared_on_the_same_rows(tmp_path: Path, older: bool) -> None:
    challenger = trained(Jobs(tmp_path / "challenger", without=("age",) if older else ()), odd_rows())
    champion = champion_of_less_data(tmp_path / "champion", without=() if older else ("age",))
    if older:
        write_as_schema_2(champion)
    expected = predictions_by_pandas(champion, challenger)
    assert challenger.evaluate(champion=champion) == 0, challenger.message
    document = challenger.evaluation()
    found = document["champion"]
    assert (found["rows"], found["excluded_rows"]) == (len(expected), 0) == (document["rows"], 0)
    rmse = root_mean_squared_error(expected["actual"], expected["predicted"])
    assert found["rmse"]["value"] == pytest.approx(rmse, rel=1e-9)
    own = challenger.channel("test")
    own_rmse = root_mean_squared_error(own[:, 0], challenger.predict(own[:, 1:]))
    assert found["challenger_rmse"]["value"] == pytest.approx(own_rmse, rel=1e-9)
    groups = challenger.readable_test()["age_group"].value_counts().to_dict()
    assert {name: each["rows"] for name, each in document["slices"]["age_group"].items()} == groups


def write_as_schema_2(jobs: Jobs) -> None:
    """Write the feature model as it was before columns could be left out."""
    document = jobs.feature_model() | {"schema_version": 2}
    del document["without"]
    (jobs.root / "feature-model" / "feature_model.json").write_text(json.dumps(document), encoding="utf-8")


def test_model_does_not_improve_on_itself(challenger: Jobs) -> None:
    assert challenger.evaluate(champion=challenger) == 0
    document = challenger.evaluation()
    assert document["champion"]["improvement"] == {"value": 0.0}
    assert document["champion"]["rmse"]["value"] == document["regression_metrics"]["rmse"]["value"]
    assert document["gate"]["failed"] == "improvement 0.0000 is less than MinimumImprovement 0.0100"


def test_champion_that_was_trained_on_all_test_rows_fails_the_job(tmp_path: Path, challenger: Jobs) -> None:
    champion = champion_of_less_data(tmp_path / "champion")
    edit_feature_model(champion, train_below="0x" + "f" * 16)
    assert challenger.evaluate(champion=champion) == 1
    rows = len(challenger.channel("test"))
    assert challenger.message == (
        f"champion champion was trained on all {rows} test rows: keep the split seed it was trained with"
    )
    assert not (challenger.root / "evaluation").exists()


def edit_feature_model(jobs: Jobs, **changes: Any) -> None:
    path = jobs.root / "feature-model" / "feature_model.json"
    path.write_text(json.dumps(jobs.feature_model() | changes), encoding="utf-8")


def test_champion_whose_feature_model_cannot_be_read_is_named(challenger: Jobs, tmp_path: Path) -> None:
    champion = champion_of_less_data(tmp_path / "arn:aws:1")
    edit_feature_model(champion, schema_version=1)
    assert challenger.evaluate(champion=champion) == 1
    assert challenger.message == (
        "champion arn:aws:1: feature model has schema version 1: run preprocessing again to write 3,"
        " or reject its model package to do without it"
    )


def test_champion_without_an_artefact_is_named(challenger: Jobs, tmp_path: Path) -> None:
    champion = champion_of_less_data(tmp_path / "arn:aws:1")
    (champion.root / "model" / "model.tar.gz").unlink()
    assert challenger.evaluate(champion=champion) == 1
    assert challenger.message == (
        "champion arn:aws:1: model/model.tar.gz: missing; give the artefact of the training job,"
        " or reject its model package to do without it"
    )


def register(champion: Jobs, rmse: Any) -> None:
    """Have *champion* come with a report of schema version 2."""
    report = {"schema_version": 2, "regression_metrics": {"rmse": rmse}}
    (champion.root / "evaluation").mkdir(exist_ok=True)
    (champion.root / "evaluation" / "evaluation.json").write_text(json.dumps(report), encoding="utf-8")


def test_champions_rmse_is_compared_with_the_one_it_was_registered_with(tmp_path: Path, challenger: Jobs) -> None:
    champion = champion_of_less_data(tmp_path / "champion", "another")
    register(champion, {"value": 600.0, "standard_deviation": 30.0})
    assert challenger.evaluate(champion=champion) == 0
    document = challenger.evaluation()["champion"]
    worsening = document["worsening"]
    assert worsening["value"] == pytest.approx(document["rmse"]["value"] - 600, rel=1e-12)
    assert 0 < worsening["low"] < worsening["value"] - 1.95 * 30
    assert worsening["significant"] == 1


def test_without_a_champion_the_model_is_compared_with_the_baseline(challenger: Jobs) -> None:
    assert challenger.evaluate() == 0
    document = challenger.evaluation()
    labels = challenger.channel("test")[:, 0]
    mean = challenger.channel("train")[:, 0].mean()
    baseline = math.sqrt(np.mean((labels - mean) ** 2))
    own = document["regression_metrics"]["rmse"]["value"]
    assert document["champion"] == {
        "present": False,
        "name": "none",
        "rows": len(labels),
        "excluded_rows": 0,
        "rmse": {"value": pytest.approx(baseline, rel=1e-9)},
        "challenger_rmse": {"value": own},
        "improvement": {"value": pytest.approx(1 - own / baseline, rel=1e-9)},
        "worsening": UNKNOWN,
    }
    assert document["baseline"]["rmse"] == document["champion"]["rmse"]


def test_champion_that_comes_without_a_feature_model_is_said(
    challenger: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert challenger.evaluate("--champion", "arn:aws:1") == 0
    assert "champion arn:aws:1 comes without a feature model: compared with the baseline" in caplog.text
    assert challenger.evaluation()["champion"]["present"] is False


def test_several_files_give_the_same_comparison(tmp_path: Path, challenger: Jobs) -> None:
    champion = champion_of_less_data(tmp_path / "champion", "another")
    three = trained(dataclasses.replace(challenger, root=tmp_path / "three"), odd_rows())
    part_test_rows(three, 3)
    assert challenger.evaluate(champion=champion) == three.evaluate(champion=champion) == 0
    one, other = challenger.evaluation()["champion"], three.evaluation()["champion"]
    assert (one["rows"], one["excluded_rows"]) == (other["rows"], other["excluded_rows"])
    assert other["rmse"]["value"] == pytest.approx(one["rmse"]["value"], rel=1e-9)


@pytest.mark.parametrize(
    ("champion", "challenger_rmse", "share"),
    [
        (100.0, 90.0, 0.1),
        (100.0, 100.0, 0.0),
        (100.0, 150.0, -0.5),
        (0.0, 0.0, 0.0),
        (0.0, 1e-300, -1e6),
        (5e-324, 1e300, -1e6),
        (1.0, 1e9, -1e6),
        (1e300, 0.0, 1.0),
    ],
)
def test_improvement_is_a_share_and_always_finite(champion: float, challenger_rmse: float, share: float) -> None:
    assert improvement(champion, challenger_rmse) == pytest.approx(share)
