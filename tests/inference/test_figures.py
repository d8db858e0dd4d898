"""Answers say what they were predicted from where that is wanted, and nothing that tells a person."""

import csv
import datetime
import io
import json
import random
import runpy
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any
from wsgiref.validate import validator

import pytest

from data.mock_data import DEPARTMENTS, FIRST_NAMES, LAST_NAMES, STREETS, TOWNS
from inference import __main__ as command
from local_runner.endpoint.capture import CONTENT_TYPES, CapturedAnswer
from processing.records.request_body import FIELDS, MAXIMUM_RECORDS
from processing.serving_files import CODE
from tests.inference.caller import RECORD, Answer, Caller
from tests.processing.jobs import Jobs

FIGURES = {"age": 41.0, "salary": 68060.5, "department": "Sales", "hire_date": "2020-02-29", "address_length": 16}


@pytest.fixture(scope="session")
def watched(served: Path) -> Caller:
    """A caller of the same model, whose answers have figures."""
    return Caller.of(served, "7", figures=True)


def as_csv(records: Sequence[dict[str, Any]], columns: Sequence[str] = FIELDS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"age": None}, {"age": None}),
        ({"salary": " "}, {"salary": None}),
        ({"department": ""}, {"department": None}),
        ({"department": "Research"}, {"department": "(unknown)"}),
        ({"profile": None}, {"address_length": None}),
        ({"profile": {}}, {"address_length": 0}),
        ({"employee_id": None}, {}),
    ],
    ids=str,
)
def test_figures_are_the_cleaned_values_with_null_for_what_is_missing(
    watched: Caller, changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    record = RECORD | changes
    (single,) = watched.predict(record)
    assert single["figures"] == FIGURES | expected
    _, *bulk = watched.predict(RECORD | {"age": -1}, record, RECORD)
    assert [each["figures"] for each in bulk] == [FIGURES | expected, FIGURES]


def test_rejected_record_has_its_fault_and_no_figures(watched: Caller) -> None:
    (bad,) = watched.predict(RECORD | {"age": -1})
    assert bad == {"employee_id": "E1", "error": {"field": "age", "reason": "not a number from 15 to 100"}}


@pytest.mark.parametrize("query", ["", "contributions=true"])
@pytest.mark.parametrize("accept", ["application/json", "application/jsonlines"])
def test_figures_change_nothing_else_of_an_answer(
    caller: Caller, watched: Caller, trained: Jobs, query: str, accept: str
) -> None:
    rows = (trained.raw / "employees.csv").read_text(encoding="utf-8")
    for body in (rows, as_csv([RECORD | {"profile": ""}])):
        plain, figured = (
            read_records(each.send(body, "text/csv", query=query, environ={"HTTP_ACCEPT": accept}))
            for each in (caller, watched)
        )
        assert [each.pop("figures", None) is not None for each in figured] == ["prediction" in each for each in plain]
        assert figured == plain


def read_records(answer: Answer) -> list[dict[str, Any]]:
    assert answer.status == 200, answer.body
    if answer.content_type == "application/json":
        return answer.predictions
    return [json.loads(line) for line in answer.body.splitlines()]


def test_most_records_that_a_request_may_have_fit_an_answer_with_figures(watched: Caller) -> None:
    record = RECORD | {"employee_id": "E0000001", "department": "Human Resources"}
    body = json.dumps([record] * MAXIMUM_RECORDS)
    # The longer of the two: each line names the version.
    assert watched.send(body, environ={"HTTP_ACCEPT": "application/jsonlines"}).status == 200
    refused = watched.send(body, query="contributions=true")
    assert refused.status == 413
    assert refused.document["error"].endswith("an endpoint returns no more: send fewer records")


@pytest.mark.parametrize("value", ["true", "false", None])
def test_environment_of_the_container_says_whether_answers_have_figures(
    served: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str | None
) -> None:
    if value is None:
        monkeypatch.delenv("ANSWER_FIGURES", raising=False)
    else:
        monkeypatch.setenv("ANSWER_FIGURES", value)
    of_image = Caller(validator(runpy.run_path(str(served / CODE / "inference" / "wsgi.py"))["application"]))
    monkeypatch.setattr(sys, "argv", ["inference", str(served)])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(RECORD).encode())))
    assert command.main() == 0
    for (answer,) in (of_image.predict(RECORD), json.loads(capsys.readouterr().out)["predictions"]):
        assert ("figures" in answer) is (value == "true")


def captured(answer: Answer) -> str:
    """Return the line that is kept of *answer*."""
    assert answer.status == 200, answer.body
    now = datetime.datetime(2026, 11, 27, tzinfo=UTC)
    return CapturedAnswer("e", answer.body, answer.content_type, now, "0").to_line(CONTENT_TYPES)


def test_captured_raw_rows_hold_no_name_address_phone_or_mail(watched: Caller, trained: Jobs) -> None:
    rows = (trained.raw / "employees.csv").read_text(encoding="utf-8")
    private = [*FIRST_NAMES, *LAST_NAMES, *STREETS, *TOWNS, "@", "+353"]
    assert all(word in rows for word in private)
    line = captured(watched.send(rows, "text/csv"))
    assert [word for word in private if word in line] == []
    assert line.count("address_length") > 1_000


MARK = "Qzx"
"""In every text that must not come back."""

HOSTILE: Sequence[Any] = (
    f"Kim {MARK}",
    f"kim.{MARK}@example.com",
    f"1 {MARK} Lane, Cork",
    f"+353 1 555 0{MARK}",
    f"Sales {MARK}",
    f"Sales, {MARK}",
    f"41 {MARK}",
    f"2020-02-29 {MARK}",
    f"{MARK}" * 100,
    f'{{"address": "1 {MARK} Lane", "email": "{MARK}@example.com"}}',
    f'{{"{MARK}": {{"address": "{MARK}"}}}}',
    f'{{"address": {{"street": "{MARK}"}}}}',
    f'[{{"address": "{MARK}"}}]',
    f'{{"address": "{MARK}',
    f"€ {MARK}",
    f"<b>{MARK}</b>\n{MARK}\x00",
    f"=HYPERLINK({MARK})",
    f"\N{FULLWIDTH DIGIT FOUR}{MARK}",
    "",
    None,
)


def make_hostile(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Yield records of which some fields are sound, and the others have what belongs elsewhere, or nowhere."""
    draw = random.Random(seed)
    for _ in range(count):
        spoiled = [name for name in FIELDS[1:] if draw.random() < 0.3]
        yield RECORD | {name: draw.choice(HOSTILE) for name in spoiled} | {"employee_id": ""}


@pytest.mark.parametrize("content_type", ["application/json", "text/csv"])
@pytest.mark.parametrize("query", ["", "contributions=true"])
def test_captured_hostile_records_hold_no_text_but_known_ones(watched: Caller, content_type: str, query: str) -> None:
    records = list(make_hostile(seed=1, count=3_000))
    texts = [
        {name: value if isinstance(value, str) else json.dumps(value) for name, value in each.items()}
        for each in records
    ]
    bodies = {
        "application/json": json.dumps(records),
        "text/csv": as_csv([each | {"name": MARK} for each in texts], ("name", *FIELDS)),
    }
    answer = watched.send(bodies[content_type], content_type, query=query)
    assert MARK not in captured(answer)
    figures = [each["figures"] for each in answer.predictions if "figures" in each]
    assert 300 < len(figures) < 2_900
    assert {each["department"] for each in figures} <= {*DEPARTMENTS, "(unknown)", None}
    for each in figures:
        assert each.keys() == FIGURES.keys()
        datetime.date.fromisoformat(each["hire_date"])
        assert {type(each[name]) for name in ("age", "salary", "address_length")} <= {float, int, type(None)}


def test_employee_id_is_captured_as_the_caller_sends_it(watched: Caller) -> None:
    assert f"kim.{MARK}@example.com" in captured(
        watched.send(json.dumps(RECORD | {"employee_id": f"kim.{MARK}@example.com"}))
    )
