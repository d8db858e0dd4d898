"""Captured answers have the form and the place that SageMaker gives them, and nothing but predictions is captured."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local_runner.endpoint.capture import CONTENT_TYPES, CapturedAnswer, Destination, add_capture, name_endpoint
from settings import STAGES
from stacks.deployment.plan import VARIANT

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

NOW = datetime(2026, 11, 27, 9, 5, 7, 42_999, tzinfo=UTC)
CONTENT = '{"predictions": [{"employee_id": "Zoë"}]}\n'.encode()


def answer(content_type: str = "application/json") -> CapturedAnswer:
    return CapturedAnswer("emp-bonus-dev", CONTENT, content_type, NOW, "0a1b")


def test_key_has_endpoint_variant_and_hour() -> None:
    assert answer().key == f"emp-bonus-dev/{VARIANT}/2026/11/27/09/05-07-042-0a1b.jsonl"


def test_line_is_that_of_an_output_alone() -> None:
    line = answer().to_line(CONTENT_TYPES)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "captureData": {
            "endpointOutput": {
                "observedContentType": "application/json",
                "mode": "OUTPUT",
                "data": CONTENT.decode(),
                "encoding": "JSON",
            }
        },
        "eventMetadata": {"eventId": "0a1b", "inferenceTime": "2026-11-27T09:05:07Z"},
        "eventVersion": "0",
    }


@pytest.mark.parametrize(
    ("content_type", "listed", "encoding"),
    [
        ("application/jsonlines", CONTENT_TYPES, "JSON"),
        ("Application/JSON; charset=utf-8", CONTENT_TYPES, "JSON"),
        ("text/csv", {"CsvContentTypes": ["text/csv"]}, "CSV"),
        ("text/csv", CONTENT_TYPES, "BASE64"),
        ("application/json", {"CsvContentTypes": ["text/csv"]}, "BASE64"),
        ("application/json", {}, "BASE64"),
    ],
)
def test_payload_is_text_where_its_content_type_is_listed_and_base64_elsewhere(
    content_type: str, listed: Mapping[str, Sequence[str]], encoding: str
) -> None:
    output = json.loads(answer(content_type).to_line(listed))["captureData"]["endpointOutput"]
    content = base64.b64decode(output["data"]) if encoding == "BASE64" else output["data"].encode()
    assert (output["encoding"], output["observedContentType"], content) == (encoding, content_type, CONTENT)


@pytest.mark.parametrize("stage", STAGES)
def test_endpoint_here_is_called_as_the_deployed_one(stage: str) -> None:
    assert name_endpoint(stage) == STAGES[stage].endpoint_name


def respond(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response(environ["status"], [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{", b"}"]


def clock() -> Iterator[datetime]:
    for minutes in (0, 50, 55):
        yield NOW + timedelta(minutes=minutes)


def test_predictions_are_captured_in_a_file_for_each_hour(tmp_path: Path) -> None:
    started: list[Any] = []
    destination = Destination(tmp_path, "emp-bonus-dev")
    application = add_capture(respond, destination, clock().__next__)
    for path, status in (
        ("/invocations", "200 OK"),
        ("/", "200 OK"),
        ("/ping", "200 OK"),
        ("/invocations", "400 Bad Request"),
        ("/invocations", "200 OK"),
        ("/invocations", "200 OK"),
    ):
        content = application({"PATH_INFO": path, "status": status}, lambda *given: started.append(given))  # type: ignore[arg-type]  # nothing uses what it returns
        assert b"".join(content) == b"{}"
    assert [status for status, _ in started].count("200 OK") == 5
    hours = sorted(destination.prefix.glob("2026/11/27/*/*.jsonl"))
    events = [[json.loads(line) for line in path.read_text().splitlines()] for path in hours]
    assert [path.parent.name for path in hours] == ["09", "10"]
    assert [len(each) for each in events] == [2, 1]
    assert len({event["eventMetadata"]["eventId"] for each in events for event in each}) == 3
