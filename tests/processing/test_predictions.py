"""Held-out rows that do not belong together, or are damaged, are refused in one line without their values."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from processing.evaluation.model import Numbers
from processing.evaluation.predictions import predict_channel
from tests.processing.jobs import Jobs, good_rows

Spoiling = Callable[[Jobs], object]
AGAIN = "run the split again and take its outputs of one execution"


def rewrite(jobs: Jobs, file: str, change: Callable[[list[str]], list[str]]) -> None:
    path = jobs.root / file
    path.write_text("".join(f"{line}\n" for line in change(path.read_text(encoding="utf-8").splitlines())))


def exchange(lines: list[str]) -> list[str]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


def with_nan_as_salary(lines: list[str]) -> list[str]:
    values = lines[1].split(",")
    values[3] = "nan"
    return [lines[0], ",".join(values), *lines[2:]]


SPOILT: dict[str, tuple[Spoiling, str]] = {
    "a readable row is missing": (
        lambda jobs: rewrite(jobs, "readable-test/readable_test.csv", lambda lines: lines[:-1]),
        f"10 rows of test/test.csv and 9 of readable-test/readable_test.csv are not the same rows, by number or label:"
        f" {AGAIN}",
    ),
    "rows are exchanged": (
        lambda jobs: rewrite(jobs, "test/test.csv", exchange),
        f"10 rows of test/test.csv and 10 of readable-test/readable_test.csv are not the same rows, by number or label:"
        f" {AGAIN}",
    ),
    "no readable row": (
        lambda jobs: rewrite(jobs, "readable-test/readable_test.csv", lambda lines: lines[:1]),
        f"readable-test/readable_test.csv: a header and no rows; {AGAIN}",
    ),
    "a column of the readable rows is missing": (
        lambda jobs: rewrite(
            jobs, "readable-test/readable_test.csv", lambda lines: [line.partition(",")[2] for line in lines]
        ),
        f"readable-test/readable_test.csv: not the readable test rows of this version; {AGAIN}",
    ),
    "a readable value is of another type": (
        lambda jobs: rewrite(
            jobs,
            "readable-test/readable_test.csv",
            lambda lines: [line.replace(",0,", ",tell-tale,") for line in lines],
        ),
        f"readable-test/readable_test.csv: not the readable test rows of this version; {AGAIN}",
    ),
    "a file is missing": (
        lambda jobs: (jobs.root / "test" / "test.2.csv").write_text("1,2\n"),
        f"test has 2 files, readable-test 1: {AGAIN}",
    ),
    "no file": (
        lambda jobs: (jobs.root / "test" / "test.csv").unlink(),
        f"test has no rows: give the input at least 10 usable rows, or {AGAIN}",
    ),
    "an empty file": (
        lambda jobs: (jobs.root / "test" / "test.csv").write_text(""),
        f"test has no rows: give the input at least 10 usable rows, or {AGAIN}",
    ),
    "a blank file": (
        lambda jobs: (jobs.root / "test" / "test.csv").write_text("\n\n"),
        f"test/test.csv: blank lines and no rows; {AGAIN}",
    ),
    "a feature is missing": (
        lambda jobs: rewrite(jobs, "test/test.csv", lambda lines: [line.rpartition(",")[0] for line in lines]),
        f"test/test.csv: not a label and {{features}} features a row; {AGAIN}",
    ),
    "text among the numbers": (
        lambda jobs: rewrite(jobs, "test/test.csv", lambda lines: [lines[0].replace(",", ",tell-tale", 1), *lines[1:]]),
        f"test/test.csv: not a label and {{features}} features a row; {AGAIN}",
    ),
    "nothing among the numbers": (
        lambda jobs: rewrite(jobs, "test/test.csv", lambda lines: [f",{lines[0].partition(',')[2]}", *lines[1:]]),
        f"test/test.csv: not a label and {{features}} features a row; {AGAIN}",
    ),
    "an infinite number": (
        lambda jobs: rewrite(jobs, "test/test.csv", lambda lines: [f"{lines[0].rpartition(',')[0]},inf", *lines[1:]]),
        f"test/test.csv: a number is infinite or none; {AGAIN}",
    ),
    "what is no number among the readable rows": (
        lambda jobs: rewrite(jobs, "readable-test/readable_test.csv", with_nan_as_salary),
        f"readable-test/readable_test.csv: a number is infinite or none; {AGAIN}",
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_rows_that_do_not_belong_together_fail_the_job_in_one_line(
    jobs: Jobs, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    spoil, message = SPOILT[case]
    jobs.write(good_rows(100))
    assert jobs.preprocess() == jobs.split() == 0
    jobs.train()
    mse = str(jobs.reported_mse())
    spoil(jobs)
    assert jobs.evaluate("--reported-test-mse", mse) == 1
    assert jobs.message == message.format(features=len(jobs.feature_model()["features"]))
    assert "tell-tale" not in caplog.text
    assert not (jobs.root / "evaluation").exists()


class Product:
    """No linear model: it predicts the product of two features."""

    features = 2

    def predict(self, features: Iterable[Numbers]) -> Numbers:
        first, second = features
        return first * second

    def contributions(
        self, _features: Iterable[Numbers], _means: Iterable[float], _sources: Iterable[str]
    ) -> dict[str, Numbers]:
        return {}

    def to_document(self) -> dict[str, Any]:
        return {}


def test_rows_are_predicted_with_whatever_takes_their_features(tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text("10,2,3\n20,4,5\n")
    rows = predict_channel(tmp_path, Product())
    assert (rows.actual.tolist(), rows.predicted.tolist()) == ([10.0, 20.0], [6.0, 20.0])
