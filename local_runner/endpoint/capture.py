"""What SageMaker captures of an endpoint's answers: a line of JSON for each, below the hour that it was given in.

Form and keys are those of "Capture data from real-time endpoint" in the SageMaker developer guide. A payload whose
content type the configuration does not list is kept as base64 ("CaptureContentTypeHeader" in its API reference), and
the JSON of a real endpoint has come so (aws-samples/sample-sagemaker-image-classification-mlops,
scripts/drift/compute_drift.py).
"""

import base64
import json
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_TYPES: Mapping[str, Sequence[str]] = {"JsonContentTypes": ("application/json", "application/jsonlines")}
"""As the deployment has them in `CaptureContentTypeHeader`."""

_VARIANT = "AllTraffic"
_ENCODINGS = {"JsonContentTypes": "JSON", "CsvContentTypes": "CSV"}
_BASE64 = "BASE64"


@dataclass(frozen=True)
class CapturedAnswer:
    """An answer of an endpoint, and when it was given."""

    endpoint: str
    content: bytes
    content_type: str
    time: datetime
    """Of UTC."""
    event: str
    """Tells answers apart."""

    @property
    def key(self) -> str:
        """Where it is kept, below the configuration's `DestinationS3Uri`."""
        moment = f"{self.time:%Y/%m/%d/%H/%M-%S}-{self.time.microsecond // 1_000:03d}"
        return f"{self.endpoint}/{_VARIANT}/{moment}-{self.event}.jsonl"

    def to_line(self, content_types: Mapping[str, Sequence[str]]) -> str:
        """Return what is kept where *content_types* is the `CaptureContentTypeHeader`."""
        encoding = self._find_encoding(content_types)
        is_text = encoding != _BASE64
        output = {
            "observedContentType": self.content_type,
            "mode": "OUTPUT",
            "data": self.content.decode() if is_text else base64.b64encode(self.content).decode(),
            "encoding": encoding,
        }
        document = {
            "captureData": {"endpointOutput": output},
            "eventMetadata": {"eventId": self.event, "inferenceTime": f"{self.time:%Y-%m-%dT%H:%M:%SZ}"},
            "eventVersion": "0",
        }
        return f"{json.dumps(document, separators=(',', ':'))}\n"

    def _find_encoding(self, content_types: Mapping[str, Sequence[str]]) -> str:
        kind = self.content_type.partition(";")[0].strip().lower()
        found = (name for member, name in _ENCODINGS.items() if kind in content_types.get(member, ()))
        return next(found, _BASE64)


@dataclass(frozen=True)
class Destination:
    """The folder that stands for a `DestinationS3Uri`, and whose answers are captured there."""

    folder: Path
    endpoint: str

    @property
    def prefix(self) -> Path:
        """Where the hours are."""
        return self.folder / self.endpoint / _VARIANT


def name_endpoint(stage: str) -> str:
    """Return the name that the endpoint of *stage* has where it is deployed."""
    return f"emp-bonus-{stage}"


def add_capture(
    application: "WSGIApplication", destination: Destination, clock: Callable[[], datetime]
) -> "WSGIApplication":
    """Return *application*, whose predictions are captured below *destination*; *clock* gives times of UTC."""
    log = _CaptureLog(destination.folder)

    def with_capture(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/invocations":
            return application(environ, start_response)
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            started[:] = status, dict(headers)
            return start_response(status, headers, *error)

        content = b"".join(application(environ, start))
        status, headers = started
        if status.startswith("200"):
            kind, event = headers["Content-Type"], str(uuid.uuid4())
            log.write(CapturedAnswer(destination.endpoint, content, kind, clock(), event))
        return [content]

    return with_capture


class _CaptureLog:
    """A file for each hour, to which threads add lines."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder
        self._lock = threading.Lock()

    def write(self, answer: CapturedAnswer) -> None:
        path = self._folder / answer.key
        with self._lock:
            if path.parent != self._path.parent:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._path = path
            with self._path.open("a", encoding="utf-8") as file:
                file.write(answer.to_line(CONTENT_TYPES))
