"""What an endpoint answers and captures is what the monitor job reads: nine kinds of traffic and their verdicts."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.traffic_kinds import KINDS, Row, change, list_rows
from data.mock_data import COLUMNS
from inference.application import Answerer
from inference.artefact import Artefact
from local_runner.endpoint.capture import CONTENT_TYPES, CapturedAnswer
from tests.processing.jobs import Jobs
from tests.processing.monitoring.monitor_job import CHAMPION, MonitorJob

TIME = datetime.datetime(2026, 11, 27, 5, 30, tzinfo=datetime.UTC)

VERDICTS = {
    "as in training": ("holds", set()),
    "older by 8 years": ("severe", {"age"}),
    "richer by half": ("severe", {"salary", "prediction"}),
    "salaries in cents": ("severe", {"salary"}),
    "half in one department": ("severe", {"department", "prediction"}),
    "a department renamed": ("severe", {"department"}),
    "one age in fifteen missing": ("drifted", {"age"}),
    "one in 25 of a new department": ("drifted", {"department"}),
    "two in five from another site": ("drifted", {"age"}),
}


@pytest.fixture(scope="module")
def baseline(trained: Jobs) -> Path:
    assert trained.check_quality() == 0
    return trained.root / "data-quality"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list_rows(500, seed=5)


def capture(job: MonitorJob, artefact: Artefact, rows: Sequence[Row]) -> None:
    """Write what an endpoint captures of *rows*, fifty at a time; every other time its content type is not listed."""
    answerer = Answerer(artefact, CHAMPION.rpartition("/")[2], figures=True)
    sent = [
        {name: value for name, value in zip(COLUMNS, row, strict=True) if name not in ("name", "bonus")} for row in rows
    ]
    for start in range(0, len(sent), 50):
        answer = answerer.answer(json.dumps(sent[start : start + 50]).encode(), "application/json")
        content = json.dumps(answer).encode()
        captured = CapturedAnswer("emp-bonus-dev", content, "application/json", TIME, f"e{start}")
        path = job.root / "traffic" / captured.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(captured.to_line(CONTENT_TYPES if start % 100 else {}))


@pytest.mark.parametrize("kind", KINDS)
def test_kind_of_traffic_has_its_verdict(
    tmp_path: Path, artefact: Artefact, baseline: Path, rows: list[Row], kind: str
) -> None:
    job = MonitorJob(tmp_path)
    capture(job, artefact, list(change(rows, kind)))
    assert job.run(baseline=baseline) == 0
    found = job.document
    verdict, columns = VERDICTS[kind]
    assert (found["verdict"], {each["column"] for each in found["moved"]}) == (verdict, columns)
    assert found["records"]["captured"] == found["records"]["distinct"] == 500
    assert found["records"]["unreadable"] == {}
