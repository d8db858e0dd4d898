"""The HTTP contract of a SageMaker endpoint as a plain WSGI application: GET /ping and POST /invocations.

Any WSGI server can run it: that of the scikit-learn image by `inference.wsgi`, one of the standard library here.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from inference.artefact import Artefact, read_artefact
from inference.requests import BadRequestError, read_records
from inference.scoring import ANONYMOUS, Scores, score
from processing.records.request_body import JSON, JSON_LINES, MAXIMUM_BYTES, Records

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CONTRIBUTIONS = "contributions"
"""Asked for as `?contributions=true`, or as SageMaker's clients can, in the header of custom attributes."""

_ATTRIBUTES = "HTTP_X_AMZN_SAGEMAKER_CUSTOM_ATTRIBUTES"


def create_application(folder: Path, version: str = "", *, figures: bool = False) -> "WSGIApplication":
    """Return the application for the artefact in *folder*, which calls itself *version*, or by what it learnt.

    With *figures*, each prediction says what it was made from, so that captured answers can be watched.

        make_server("127.0.0.1", 8080, create_application(folder, "7")).serve_forever()

    Raises `JobError` where *folder* has no artefact.
    """
    artefact = read_artefact(folder)
    answerer = Answerer(artefact, version or artefact.digest, figures=figures)
    answerer.answer(b"{}", JSON)  # the first call of all compiles patterns, which no caller should wait for

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        status, kind, content = _respond(environ, answerer)
        headers = [("Content-Type", kind), ("Content-Length", str(len(content)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]

    return application


class Answerer:
    """Answers requests with a model."""

    def __init__(self, artefact: Artefact, version: str, *, figures: bool = False) -> None:
        self._artefact = artefact
        self._version = version
        self._figures = figures

    def answer(self, body: bytes, content_type: str, *, contributions: bool = False) -> dict[str, Any]:
        """Return the answer as a document, one prediction or error for each record and in their order.

        Raises `BadRequestError` where the request is wrong as a whole.
        """
        records = read_records(body, content_type, self._artefact.contract.format.absent)
        scores = score(
            records.batch, self._artefact, contributions=contributions, figures=self._figures, columns=ANONYMOUS
        )
        document: dict[str, Any] = {"model_version": self._version}
        if contributions:
            document["baseline"] = self._artefact.baseline
        return {**document, "predictions": _in_order(records, scores)}


def _in_order(records: Records, scores: Scores) -> list[dict[str, Any]]:
    """Return what is said of each record, in the order of the request."""
    said: list[dict[str, Any]] = [{"employee_id": each} if each else {} for each in records.employee_ids]
    rows = scores.rows.tolist()
    for row, prediction in zip(rows, scores.predictions.tolist(), strict=True):
        said[row]["prediction"] = prediction
    if scores.contributions:
        added = zip(*(values.tolist() for values in scores.contributions.values()), strict=True)
        for row, values in zip(rows, added, strict=True):
            said[row]["contributions"] = dict(zip(scores.contributions, values, strict=True))
    if scores.figures:
        for row, figures in zip(rows, scores.figures, strict=True):
            said[row]["figures"] = figures
    for rejection in scores.rejections:
        said[rejection.row]["error"] = {"field": rejection.column, "reason": rejection.reason}
    return said


_Response = tuple[HTTPStatus, str, bytes]


def _respond(environ: "WSGIEnvironment", answerer: Answerer) -> _Response:
    try:
        return _find_route(environ)(environ, answerer)
    except BadRequestError as error:
        return error.status, JSON, _encode({"error": str(error)})


def _find_route(environ: "WSGIEnvironment") -> "_Route":
    path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
    if path not in _ROUTES:
        raise BadRequestError(HTTPStatus.NOT_FOUND, f"no such path: send to {' or '.join(_ROUTES)}")
    route, methods = _ROUTES[path]
    if method not in methods:
        raise BadRequestError(HTTPStatus.METHOD_NOT_ALLOWED, f"method {method[:20]!r}: use {' or '.join(methods)}")
    return route


def _ping(_environ: "WSGIEnvironment", _answerer: Answerer) -> _Response:
    return HTTPStatus.OK, JSON, b""


def _invoke(environ: "WSGIEnvironment", answerer: Answerer) -> _Response:
    write, kind = _find_writer(environ.get("HTTP_ACCEPT", ""))
    encoding = environ.get("HTTP_CONTENT_ENCODING", "")
    if encoding.strip().lower() not in ("", "identity"):
        text = f"content encoding {encoding[:60]!r}: send the body as it is"
        raise BadRequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, text)
    body = _read_body(environ)
    content_type = environ.get("CONTENT_TYPE") or JSON
    content = write(answerer.answer(body, content_type, contributions=_wants_contributions(environ)))
    if len(content) > MAXIMUM_BYTES:
        text = f"the answer has over {MAXIMUM_BYTES:,} bytes, and an endpoint returns no more: send fewer records"
        raise BadRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
    return HTTPStatus.OK, kind, content


def _wants_contributions(environ: "WSGIEnvironment") -> bool:
    asked = (parse_qs(environ.get(name, "")) for name in ("QUERY_STRING", _ATTRIBUTES))
    return any(value.lower() == "true" for each in asked for value in each.get(CONTRIBUTIONS, []))


def _read_body(environ: "WSGIEnvironment") -> bytes:
    length = _read_length(environ)
    body: bytes = environ["wsgi.input"].read(MAXIMUM_BYTES + 1 if length is None else length)
    if len(body) > MAXIMUM_BYTES:
        raise BadRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
    if length is not None and len(body) < length:
        raise BadRequestError(HTTPStatus.BAD_REQUEST, f"{len(body):,} of {length:,} bytes came: send the whole body")
    return body


def _read_length(environ: "WSGIEnvironment") -> int | None:
    """Return how many bytes are to come; None where the server itself knows where the body ends."""
    given = environ.get("CONTENT_LENGTH") or ""
    if not given and environ.get("wsgi.input_terminated"):
        return None
    if not given:
        raise BadRequestError(HTTPStatus.LENGTH_REQUIRED, "no Content-Length: send one")
    if not (given.isascii() and given.isdigit()):
        raise BadRequestError(HTTPStatus.BAD_REQUEST, "Content-Length is not a number: send the bytes of the body")
    if len(given) > len(str(MAXIMUM_BYTES)) or int(given) > MAXIMUM_BYTES:
        raise BadRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
    return int(given)


_TOO_LARGE = f"the body is over {MAXIMUM_BYTES:,} bytes: send the records in parts"


def _find_writer(accept: str) -> tuple[Callable[[Mapping[str, Any]], bytes], str]:
    """Return how to write the answer, and as what; the first that is wanted and can be had."""
    for wanted in (each.partition(";")[0].strip().lower() for each in (accept or JSON).split(",")):
        if wanted in _WRITERS:
            return _WRITERS[wanted]
    text = f"accept {accept[:60]!r}: ask for {JSON} or {JSON_LINES}"
    raise BadRequestError(HTTPStatus.NOT_ACCEPTABLE, text)


def _encode(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, allow_nan=False).encode()


def _encode_lines(document: Mapping[str, Any]) -> bytes:
    """Return one line for each record, each with what is said of all of them."""
    return b"".join(_lines(document))


def _lines(document: Mapping[str, Any]) -> Iterator[bytes]:
    common = {name: value for name, value in document.items() if name != "predictions"}
    for each in document["predictions"]:
        yield _encode({**common, **each}) + b"\n"


_WRITERS: Mapping[str, tuple[Callable[[Mapping[str, Any]], bytes], str]] = {
    **dict.fromkeys((JSON, "application/*", "*/*"), (_encode, JSON)),
    JSON_LINES: (_encode_lines, JSON_LINES),
}

WRITABLE = (JSON, JSON_LINES)
"""Content types of an answer."""

_Route = Callable[["WSGIEnvironment", Answerer], _Response]
_ROUTES: Mapping[str, tuple[_Route, tuple[str, ...]]] = {
    "/ping": (_ping, ("GET", "HEAD")),
    "/invocations": (_invoke, ("POST",)),
}
