"""The scoring job: the artefact's own code predicts raw files, and says in one line why where it cannot."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from data.mock_data import COLUMNS
from inference.artefact import Artefact
from inference.scoring import score
from processing.records.raw_data import stream
from processing.serving_files import ARCHIVE
from tests.processing.jobs import Jobs, good_rows
from tests.processing.scoring_job import CHAMPION, ScoringJob

UNLABELLED = COLUMNS[:-1]


@pytest.fixture
def scoring(trained: Jobs, tmp_path: Path) -> ScoringJob:
    return ScoringJob(tmp_path, trained.root / "serving")


def test_every_record_is_predicted_as_by_the_endpoint_or_listed_with_its_reason(
    scoring: ScoringJob, artefact: Artefact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_VERSION", "2026-11")
    rows = good_rows(60)
    rows[3][3], rows[5][5] = "6250000", "soon"  # a salary in cents, and no date
    scoring.write(rows[:40], "first.csv")
    scoring.write([row[:-1] for row in rows[40:]], "second.csv", UNLABELLED)  # nobody has their bonus yet
    assert scoring.run() == 0
    raw = scoring.root / "raw"
    batches = [each for name in ("first.csv", "second.csv") for each in stream(name, raw / name, artefact.file_format)]
    expected = [score(each, artefact) for each in batches]
    found = scoring.predictions()
    assert [row["employee_id"] for row in found] == [id_ for each in expected for id_ in each.employee_ids.to_pylist()]
    assert [float(row["prediction"]) for row in found] == [p for each in expected for p in each.predictions.tolist()]
    assert {row["model_version"] for row in found} == {"7"}
    listed = (scoring.root / "rejected/rejected.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[:3] for line in listed] == [["first.csv", "5", "salary"], ["first.csv", "7", "hire_date"]]
    summary = scoring.summary()
    assert (summary["rows"], summary["scored"], summary["rejected"]) == (60, 58, 2)
    assert summary["reasons"] == {
        "salary: not a number from 1,000 to 500,000": 1,
        "hire_date: not a date from 1950-01-01 to 2030-12-31": 1,
    }
    assert (summary["model_package"], summary["artefact"]) == (CHAMPION, artefact.digest)
    assert summary["data_version"] == "2026-11"


def test_contributions_add_up_with_the_baseline_to_the_prediction(scoring: ScoringJob) -> None:
    scoring.write(good_rows(30))
    assert scoring.run("--contributions", "true") == 0
    for row in scoring.predictions():
        added = sum(float(value) for name, value in row.items() if name.startswith("contribution_"))
        assert np.isclose(float(row["baseline"]) + added, float(row["prediction"]), rtol=1e-9)


def test_artefact_is_scored_with_by_the_code_that_it_brings(scoring: ScoringJob, tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    code = b"import sys\nopen(sys.argv[sys.argv.index('--message') + 1], 'w').write('code of long ago')\nsys.exit(1)\n"
    with tarfile.open(older / ARCHIVE, "w:gz") as archive:
        info = tarfile.TarInfo("code/inference/batch.py")
        info.size = len(code)
        archive.addfile(info, io.BytesIO(code))
    scoring.write(good_rows(5))
    assert ScoringJob(scoring.root, older).run() == 1
    assert scoring.message == "code of long ago"


@pytest.mark.parametrize(
    ("champion", "told"),
    [
        ("none", "no version of the model is approved: approve one, and start the scoring again"),
        (CHAMPION, "version 7 has no serving artefact: run the training again, and approve what it makes"),
    ],
)
def test_champion_that_cannot_score_fails_the_job_in_one_line(tmp_path: Path, champion: str, told: str) -> None:
    nothing = tmp_path / "champion"
    nothing.mkdir()
    (nothing / "no_champion.json").write_text("{}")
    scoring = ScoringJob(tmp_path, nothing)
    assert scoring.run(champion=champion) == 1
    assert scoring.message == told


def test_file_without_one_record_to_score_fails_the_job_and_lists_them(scoring: ScoringJob) -> None:
    rows = [[*row[:3], "1", *row[4:]] for row in good_rows(5)]
    scoring.write(rows)
    assert scoring.run() == 1
    assert scoring.message == (
        "none of 5 records can be scored; most often salary: not a number from 1,000 to 500,000 (5 times, first in"
        " employees.csv, row 2): correct the rows that rejected.csv lists"
    )
    assert len((scoring.root / "rejected/rejected.csv").read_text(encoding="utf-8").splitlines()) == 6


def test_archive_that_is_none_fails_the_job_in_one_line(scoring: ScoringJob, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / ARCHIVE).write_bytes(b"not gzip")
    assert ScoringJob(scoring.root, broken).run() == 1
    assert scoring.message == "model.tar.gz cannot be unpacked: approve another version, or train again"
