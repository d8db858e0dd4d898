"""Calls the application as a WSGI server does, without one."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from inference.application import create_application

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

Environ = Mapping[str, str | None]
"""Members of a WSGI environment; None for one that is left out."""

NOTHING: Environ = {}

RECORD = {
    "employee_id": "E1",
    "age": 41,
    "salary": 68060.5,
    "department": "Sales",
    "hire_date": "2020-02-29",
    "profile": {"address": "1 Oak Lane, Cork"},
}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def predictions(self) -> list[dict[str, Any]]:
        assert self.status == 200, self.body
        predictions: list[dict[str, Any]] = self.document["predictions"]
        return predictions


@dataclass(frozen=True)
class Caller:
    """A caller of one application."""

    application: "WSGIApplication"

    @classmethod
    def of(cls, folder: Path, version: str, *, figures: bool = False) -> Self:
        return cls(validator(create_application(folder, version, figures=figures)))

    def send(
        self,
        body: bytes | str,
        content_type: str = "application/json",
        *,
        path: str = "/invocations",
        method: str = "POST",
        query: str = "",
        environ: Environ = NOTHING,
    ) -> Answer:
        """Send *body*, with *environ* beside or in the place of what the other arguments say."""
        content = body.encode() if isinstance(body, str) else body
        given: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": io.BytesIO(content),
            **environ,
        }
        given = {name: value for name, value in given.items() if value is not None}
        setup_testing_defaults(given)
        started: list[Any] = []
        chunks = self.application(given, lambda status, headers, _=None: started.extend((status, dict(headers))))  # type: ignore[arg-type]  # nothing uses what it returns
        content = b"".join(chunks)
        chunks.close()  # type: ignore[attr-defined]  # of the validator
        status, headers = started
        return Answer(int(status[:3]), headers["Content-Type"], content)

    def predict(self, *records: object, query: str = "") -> list[dict[str, Any]]:
        """Return what is said of *records*."""
        return self.send(json.dumps(list(records)), query=query).predictions
