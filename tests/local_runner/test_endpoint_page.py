"""The page of an endpoint asks for a record, and shows its bonus, or what is wrong beside each field."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest

from local_runner.endpoint.page import MAXIMUM_BYTES, Page, add_page
from tests.execution_report.reader import Page as Reader
from tests.local_runner.registered_versions import LEARNT, SAMPLE

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

TYPED = {"age": "61", "department": "Sales", "hire_date": "2015-03-01", "profile.address": "12 Long Street"}
ADDED = {"age": -250.0, "hire_date": 1000.25, "profile": 0.0}


def answer(record: dict[str, Any]) -> dict[str, Any]:
    """Judge two fields, in their order, and say what is wrong first."""
    if record["age"] is not None and not str(record["age"]).removesuffix(".0").isdecimal():
        return {"error": {"field": "age", "reason": "not a number from 15 to 100"}}
    if record["hire_date"] is None:
        return {"error": {"field": "hire_date", "reason": "missing"}}
    return {"prediction": 7000.0 + sum(ADDED.values()), "contributions": ADDED}


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/invocations" or environ["QUERY_STRING"] != "contributions=true":
        start_response("404 Not Found", [])
        return [b"elsewhere"]
    records = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    start_response("200 OK", [])
    if any("no text" in json.dumps(each) for each in records):
        return [b'{"error": "an address is no text: send other"}']
    document = {"baseline": 7000.0, "predictions": [answer(each) for each in records]}
    return [json.dumps(document).encode()]


@dataclass(frozen=True)
class Answer:
    status: str
    headers: dict[str, str]
    text: str

    @property
    def page(self) -> Reader:
        return Reader(self.text.replace("<option ", "<meta "))  # a void element here, not to the reader


class Browser:
    """Asks for the page as a server would."""

    def __init__(self, folder: Path, status: str = "Approved") -> None:
        (folder / "feature_model.json").write_text(json.dumps(LEARNT))
        created = "2026-11-26T18:40:00+00:00"
        page = Page.read(folder, title="Bonus version 2", status=status, created=created, sample=SAMPLE)
        self._application = add_page(application, page)

    def send(self, form: dict[str, str] | None = None, *, method: str = "POST", path: str = "/") -> Answer:
        body = urlencode(form or {}).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        setup_testing_defaults(environ)
        environ["QUERY_STRING"] = ""
        said: list[Any] = []

        def start(*words: Any) -> Any:
            said.extend(words)

        text = b"".join(self._application(environ, start)).decode()
        return Answer(said[0], dict(said[1]), text)


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path)


def inputs(page: Reader) -> dict[str, dict[str, str]]:
    return {attributes["name"]: attributes for tag, attributes in page.elements if tag == "input"}


def notes(page: Reader) -> dict[str, str]:
    """Return the text that belongs to each input that is marked as wrong."""
    wrong = [each for each in inputs(page).values() if "aria-invalid" in each]
    return {
        each["name"]: page.html.partition(f'id="{each["aria-describedby"]}">')[2].partition("<")[0] for each in wrong
    }


def test_page_at_first_has_the_sample_and_what_is_predicted_for_it(browser: Browser) -> None:
    page = browser.send(method="GET").page
    assert {name: each["value"] for name, each in inputs(page).items()} == {
        "age": "41",
        "department": "Sales",
        "hire_date": "2020-02-29",
        "profile.address": "1 Oak Lane, Cork",
    }
    assert "Predicted bonus 7,750.25" in page.text


def test_each_input_has_a_label_and_known_texts_are_offered(browser: Browser) -> None:
    page = browser.send(method="GET").page
    labels = [attributes["for"] for tag, attributes in page.elements if tag == "label"]
    assert labels == [each["id"] for each in inputs(page).values()]
    assert "Any other than Finance, Sales counts as unknown." in page.text
    assert [attributes["value"] for _, attributes in page.elements if attributes.keys() == {"value"}] == [
        "Finance",
        "Sales",
    ]


def test_contributions_are_shown_with_sign_largest_first_and_add_up(browser: Browser) -> None:
    page = browser.send(TYPED).page
    table = page.text[page.text.index("Average prediction 7,000.00") :]
    assert "Hire date 2015-03-01 +1,000.25 Age 61 \N{MINUS SIGN}250.00 Address 12 Long Street 0.00" in table
    assert "Predicted bonus 7,750.25" in table
    assert "not why a bonus is due" in page.text
    assert "+750.25 from 7,000.00, the average prediction for the employees" in page.text
    bars = [
        [rect.attrib[name] for name in ("class", "x", "width")] for svg in page.drawings for rect in svg.iter("rect")
    ]
    assert bars == [["fill", "50%", "50%"], ["warn", "37.5%", "12.5%"], ["fill", "50%", "0.3%"]]


def test_every_wrong_field_is_told_beside_it_and_what_was_typed_stays(browser: Browser) -> None:
    page = browser.send({**TYPED, "age": "forty", "hire_date": ""}).page
    assert notes(page) == {"age": "Not a number from 15 to 100.", "hire_date": "Missing."}
    assert inputs(page)["age"]["value"] == "forty"
    assert "There is no prediction for this record." in page.text
    assert page.drawings == []
    assert {"#age", "#hire_date"} == set(page.attributes("href"))


def test_fields_that_are_left_out_count_as_missing(browser: Browser) -> None:
    assert "Predicted bonus 7,750.25" in browser.send({"hire_date": "2020-01-01"}).page.text


def test_request_that_is_refused_as_a_whole_is_told(browser: Browser) -> None:
    assert "An address is no text: send other." in browser.send({**TYPED, "profile.address": "no text"}).page.text


def test_what_is_typed_cannot_become_part_of_the_page(browser: Browser) -> None:
    typed = '"><script>alert(1)</script>'
    answered = browser.send({**TYPED, "profile.address": typed, "department": typed})
    assert "<script" not in answered.text
    assert inputs(answered.page)["department"]["value"] == typed


def test_page_loads_and_runs_nothing(browser: Browser) -> None:
    answered = browser.send(method="GET")
    assert answered.page.tags("script", "img", "iframe", "link") == []
    assert answered.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "url(" not in answered.text
    assert "http" not in answered.text
    assert answered.headers["Cache-Control"] == "no-store"


def test_status_that_is_not_approved_is_told_as_such(tmp_path: Path) -> None:
    assert (
        '<span class="status warn">PendingManualApproval</span>'
        in Browser(tmp_path, "PendingManualApproval").send(method="GET").text
    )


@pytest.mark.parametrize(
    ("method", "path", "form", "status"),
    [
        ("HEAD", "/", {}, "200 OK"),
        ("PUT", "/", {}, "405 Method Not Allowed"),
        ("POST", "/", {"age": "9" * MAXIMUM_BYTES}, "413 Request Entity Too Large"),
        ("GET", "/ping", {}, "404 Not Found"),
    ],
)
def test_other_requests_have_their_status(
    browser: Browser, method: str, path: str, form: dict[str, str], status: str
) -> None:
    answered = browser.send(form, method=method, path=path)
    assert answered.status.lower() == status.lower()
    assert "<form" not in answered.text
