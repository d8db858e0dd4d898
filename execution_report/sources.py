"""What the page is made from: an execution, and the documents that its steps wrote; here from a folder."""

import csv
import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from artefacts.definition.model_card import read_card
from artefacts.execution import Execution
from artefacts.execution.document import read_document

Document = Mapping[str, Any]

EXECUTION = "execution.json"
DEFINITION = "definition.json"
DATA_QUALITY = "data_quality.json"
EVALUATION = "evaluation.json"
CARD = "model_card.json"
MONITORING = "monitoring.json"
PREDICTIONS = "predictions.csv"
REJECTIONS = "rejections.json"
SCORING = "scoring.json"
OUTPUTS = {
    DATA_QUALITY: "data-quality",
    REJECTIONS: "rejected",
    EVALUATION: "evaluation",
    PREDICTIONS: "evaluation",
    CARD: "evaluation",
    SCORING: "predictions",
    MONITORING: "monitoring",
}
"""File -> the step output that holds it."""

ReadFile = Callable[[str, str], bytes | None]
"""The folder or prefix of an output, a file's name -> its content; None where there is no such file."""


ReadDefinition = Callable[[], Document]
"""The definition that an execution was started with; empty where there is none."""


class ReportError(Exception):
    """There is no report: what was found, then the remedy."""


class Prediction(NamedTuple):
    """A bonus of the test set, and what the model made of it."""

    actual: float
    predicted: float

    @property
    def residual(self) -> float:
        """How much too low the prediction is."""
        return self.actual - self.predicted


@dataclass(frozen=True)
class Facts:
    """All that is known of an execution; a document is None where its step did not write it."""

    execution: Execution
    data_quality: Document | None = None
    evaluation: Document | None = None
    predictions: tuple[Prediction, ...] | None = None
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """File -> why it could not be read."""
    rejections: Document | None = None
    rejected_rows: str = ""
    """Where the list of rejected rows lies."""
    scoring: Document | None = None
    scored_rows: str = ""
    """Where the predictions of a scoring lie."""
    card: Document | None = None
    """The whole model card, what people say and what evaluation found."""
    monitoring: Document | None = None


def read_folder(folder: Path) -> Facts:
    """Return what *folder*, that of a local execution, holds; raise `ReportError` when it is none."""
    path = folder / EXECUTION
    if not path.is_file():
        raise ReportError(
            f"{folder} holds no {EXECUTION}: run the pipeline first, or give the folder of an execution, or its ARN"
        )
    definition = folder / DEFINITION
    return gather(
        read_document(read_json(path)),
        _read_local,
        lambda: _document(definition.read_bytes()) if definition.is_file() else {},
    )


def read_json(path: Path) -> Document:
    """Return what the file *path* holds; raise `ReportError` when it cannot be read."""
    try:
        return _document(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ReportError(f"{path} cannot be read ({error}): run the pipeline again") from error


def gather(execution: Execution, read: ReadFile, define: ReadDefinition = dict) -> Facts:
    """Return the facts of *execution*, whose steps' outputs *read* can read, and whose definition *define* returns."""
    folders = {name: folder for step in execution.steps for name, folder in step.outputs.items()}
    found: dict[str, Any] = {}
    unreadable: dict[str, str] = {}
    for file, output in OUTPUTS.items():
        try:
            content = read(folders[output], file) if output in folders else None
            found[file] = None if content is None else _PARSERS[file](content)
            if file == CARD and found[file]:
                found[file] = _complete_card(found[file], define())
        except (OSError, ValueError) as error:
            unreadable[file] = str(error)
    return Facts(
        execution,
        found.get(DATA_QUALITY),
        found.get(EVALUATION),
        found.get(PREDICTIONS),
        unreadable,
        found.get(REJECTIONS),
        f"{folders.get(OUTPUTS[REJECTIONS], '').rstrip('/')}/rejected.csv",
        found.get(SCORING),
        f"{folders.get(OUTPUTS[SCORING], '').rstrip('/')}/{PREDICTIONS}",
        found.get(CARD),
        found.get(MONITORING),
    )


def _read_local(folder: str, file: str) -> bytes | None:
    path = Path(folder) / file
    return path.read_bytes() if path.is_file() else None


def _document(content: bytes) -> Document:
    document = json.loads(content)
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the content is wrong, as with every other ValueError here
    return document


def _complete_card(found: Document, definition: Document) -> Document:
    """Return the card that *definition* registers with what evaluation *found*; where it registers none, that alone."""
    texts = {name: text for name, text in found.items() if isinstance(text, str)}
    try:
        card = read_card(definition, texts) if definition else None
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("the execution's definition is damaged") from error
    return card or {name: json.loads(text) for name, text in texts.items()}


def parse_predictions(content: bytes) -> tuple[Prediction, ...]:
    """Return the rows of predictions.csv; raise `ValueError`, without a value of theirs, where it is none."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    if not {"actual", "predicted"} <= set(rows.fieldnames or ()):
        raise ValueError("no columns actual and predicted")
    return tuple(_prediction(row, rows.line_num) for row in rows)


def _prediction(row: Mapping[str, str | None], line: int) -> Prediction:
    try:
        prediction = Prediction(float(row["actual"] or ""), float(row["predicted"] or ""))
    except ValueError:
        # Told anew: float's own message would show the value.
        prediction = Prediction(math.nan, math.nan)
    if not all(map(math.isfinite, prediction)):
        raise ValueError(f"line {line} does not hold two numbers")
    return prediction


_PARSERS: Mapping[str, Callable[[bytes], Any]] = {
    DATA_QUALITY: _document,
    REJECTIONS: _document,
    SCORING: _document,
    EVALUATION: _document,
    CARD: _document,
    MONITORING: _document,
    PREDICTIONS: parse_predictions,
}
