"""With the settings that are deployed, the trained model is as good as least squares, whatever the seed."""

import csv
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data.mock_data import COLUMNS, employees
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from local_runner.algorithms.linear_learner.regressor import Data, LinearRegressor
from settings import LINEAR_LEARNER, Training
from tests.processing.jobs import Jobs

SAMPLE = Path(__file__).parents[3] / "data" / "mock_data.csv"
HYPERPARAMETERS = Hyperparameters.from_strings({"mini_batch_size": str(Training().mini_batch_size), **LINEAR_LEARNER})


def channels(jobs: Jobs) -> dict[str, Data]:
    """Return the three channels that our own jobs make."""
    assert jobs.preprocess() == 0
    assert jobs.split() == 0
    read = {
        name: np.loadtxt(jobs.read(name), delimiter=",", dtype=np.float32) for name in ("train", "validation", "test")
    }
    return {name: Data(np.roll(values, -1, axis=1)) for name, values in read.items()}


def ratio_to_least_squares(data: dict[str, Data], seed: int) -> float:
    """Return the test error of the stand-in over that of ordinary least squares."""
    model = LinearRegressor(HYPERPARAMETERS, random_state=seed).fit(data["train"].copy(), data["validation"])
    best = make_pipeline(StandardScaler(), LinearRegression())
    best.fit(data["train"].features.astype(np.float64), data["train"].labels.astype(np.float64))
    features, labels = data["test"].features.astype(np.float64), data["test"].labels
    ours = mean_squared_error(labels, model.predict(data["test"].features))
    return float(ours / mean_squared_error(labels, best.predict(features)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_test_error_on_20000_rows_is_within_3_percent_of_least_squares(tmp_path: Path, seed: int) -> None:
    jobs = Jobs(tmp_path)
    jobs.write(employees(20_000, seed=seed))
    assert ratio_to_least_squares(channels(jobs), seed) < 1.03


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Data]:
    jobs = Jobs(tmp_path_factory.mktemp("sample"))
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == COLUMNS
    jobs.write(rows)
    return channels(jobs)


@pytest.mark.parametrize("seed", range(10))
def test_test_error_on_the_sample_is_within_10_percent_of_least_squares(sample: dict[str, Data], seed: int) -> None:
    assert ratio_to_least_squares(sample, seed) < 1.10


def test_sample_can_be_learnt(sample: dict[str, Data]) -> None:
    model = LinearRegressor(HYPERPARAMETERS, random_state=0).fit(sample["train"].copy(), sample["validation"])
    score = r2_score(sample["test"].labels, model.predict(sample["test"].features))
    assert 0.7 < score < 0.97, "signal and noise, as in real data"
