"""The page of an endpoint: a form for one record, what is predicted for it, and what each of its fields adds.

It is a client of the application like any other, and runs no script; its fields are those of the sample payload.
"""

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl
from wsgiref.util import setup_testing_defaults

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from artefacts.documents import read_instant
from execution_report.charts.bars import signed_bar
from execution_report.charts.svg import Svg
from execution_report.wording import ABSENT, MINUS, date_and_time, sentence, signed, words

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MAXIMUM_BYTES = 64 * 1024
"""Of a form that is sent."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

_TONES = {"Approved": "good", "Rejected": "bad"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Field:
    """An input of the form, for a field of a record or, with a dot, for a field of an object in it."""

    name: str
    type: str
    """Of the HTML element."""
    numeric: bool
    value: str
    """In the sample."""
    choices: tuple[str, ...]

    @property
    def source(self) -> str:
        """The field of the record."""
        return self.name.partition(".")[0]

    @property
    def label(self) -> str:
        """What it is called on the page."""
        return words(self.name.rpartition(".")[2]).capitalize()


@dataclass(frozen=True)
class Page:
    """What the page says of a version, and what it asks for."""

    title: str
    status: str
    created: str
    fields: tuple[Field, ...]

    @classmethod
    def read(cls, model: Path, *, title: str, status: str, created: str, sample: Mapping[str, Any]) -> Self:
        """Return the page of the version that was unpacked into *model*; *sample* is a record as it is sent."""
        learnt = json.loads((model / "feature_model.json").read_text(encoding="utf-8"))
        choices = {"department": tuple(learnt["departments"][:-1])}  # the last stands for any other
        fields = tuple(_make_field(name, value, choices.get(name, ())) for name, value in _flatten(sample))
        return cls(title, status, created, fields)


def add_page(application: "WSGIApplication", page: Page) -> "WSGIApplication":
    """Return *application* with *page* at `/`, which it knows nothing of."""

    def with_page(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/":
            return application(environ, start_response)
        status, text = _respond(environ, application, page)
        content = text.encode()
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(content)),
            "Content-Security-Policy": POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        start_response(f"{status.value} {status.phrase}", list(headers.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]

    return with_page


def _respond(environ: "WSGIEnvironment", application: "WSGIApplication", page: Page) -> tuple[HTTPStatus, str]:
    match environ["REQUEST_METHOD"]:
        case "GET" | "HEAD":
            return HTTPStatus.OK, render(page, {each.name: each.value for each in page.fields}, application)
        case "POST":
            length = environ.get("CONTENT_LENGTH") or "0"
            if not length.isdecimal() or int(length) > MAXIMUM_BYTES:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too much for a form: send it to /invocations"
            form = environ["wsgi.input"].read(int(length)).decode(errors="replace")
            return HTTPStatus.OK, render(page, dict(parse_qsl(form, keep_blank_values=True)), application)
        case _:
            return HTTPStatus.METHOD_NOT_ALLOWED, "this page takes GET and POST"


def render(page: Page, values: Mapping[str, str], application: "WSGIApplication") -> str:
    """Return the page about the record of *values*, which has a text for each of the page's fields."""
    record = _make_record(page, values)
    sample = _make_record(page, {each.name: each.value for each in page.fields})
    # Of a record, the first fault alone is told. With one field of it in a sound record each, all are.
    probes = [{**sample, each.source: record[each.source]} for each in page.fields]
    answer = _invoke(application, [record, *probes])
    predicted, *probed = answer.get("predictions") or [{}] * (1 + len(probes))
    probed_fields = zip(page.fields, probed, strict=True)
    errors = {field.name: sentence(each["error"]["reason"]) for field, each in probed_fields if "error" in each}
    return (
        _environment()
        .get_template("endpoint.html")
        .render(
            page=page,
            tone=_TONES.get(page.status, "warn"),
            when=date_and_time(read_instant(page.created)),
            values=values,
            errors=errors,
            problem=sentence(answer.get("error", "")),
            result=_describe(page, answer["baseline"], predicted, record) if "prediction" in predicted else None,
        )
    )


def _describe(page: Page, baseline: float, predicted: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template says of a prediction."""
    contributions = sorted(predicted["contributions"].items(), key=lambda each: -abs(each[1]))
    labels = {each.source: each.label for each in page.fields}
    largest = max((abs(value) for _, value in contributions), default=0.0) or 1.0
    return {
        "prediction": _amount(predicted["prediction"]),
        "baseline": _amount(baseline),
        "difference": signed(predicted["prediction"] - baseline, _amount),
        "rows": [
            {
                "label": labels.get(name, words(name).capitalize()),
                "given": _as_given(record.get(name)),
                "added": signed(value, _amount),
                "bar": _draw(name, value, largest),
            }
            for name, value in contributions
        ],
    }


def _draw(name: str, value: float, largest: float) -> Svg:
    return signed_bar(value / largest, f"{words(name)}: {signed(value, _amount)}")


def _as_given(value: Any) -> str:
    given = value.values() if isinstance(value, dict) else [value]
    return ", ".join(str(each) for each in given if each is not None) or ABSENT


def _amount(value: float | None) -> str:
    return f"{value:,.2f}".replace("-", MINUS) if value is not None else ABSENT


def _make_record(page: Page, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the record that *values* describe; what is empty is null, and so is an object of which all is."""
    record: dict[str, Any] = {}
    for field in page.fields:
        name, _, inner = field.name.partition(".")
        value = values.get(field.name, "").strip() or None
        if inner:
            record[name] = ((record.get(name) or {}) | {inner: value}) if value else record.get(name)
        else:
            record[name] = value
    return record


def _invoke(application: "WSGIApplication", records: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the application answers to *records*, as anyone else is answered."""
    body = json.dumps(records).encode()
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/invocations",
        "QUERY_STRING": "contributions=true",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    answer: dict[str, Any] = json.loads(b"".join(application(environ, _ignore)))
    return answer


def _ignore(*_: Any) -> Callable[[bytes], object]:
    """Stand for a server's start_response: what is wrong is in the answer."""
    return lambda _: None


def _flatten(sample: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in sample.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", each) for inner, each in value.items())
        else:
            yield name, value


def _make_field(name: str, value: Any, choices: tuple[str, ...]) -> Field:
    is_date = isinstance(value, str) and _DATE.fullmatch(value)
    return Field(name, "date" if is_date else "text", isinstance(value, int | float), _plain(value), choices)


def _plain(value: Any) -> str:
    """Return a value as one would type it."""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


@cache
def _environment() -> Environment:
    """Return the page's templates with the report's: both look alike."""
    return Environment(
        loader=ChoiceLoader([PackageLoader("local_runner.endpoint"), PackageLoader("execution_report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
