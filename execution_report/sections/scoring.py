"""What an execution that scores has predicted: how many records, with which model, and where it lies."""

from artefacts.documents import number_at, text_at
from artefacts.execution import Execution
from execution_report.arns import package_title
from execution_report.sources import Document, Facts
from execution_report.wording import counted, number

SCORING_STEP = "EmpBonusScore"


def is_scoring(execution: Execution) -> bool:
    """Return whether *execution* is to score records, and not to make a model."""
    return execution.find_step(SCORING_STEP) is not None


def predictions_line(facts: Facts) -> str:
    """Return in one line what was predicted; empty where nothing was."""
    return f"{_count(facts.scoring)}; see {facts.scored_rows}" if facts.scoring else ""


def predictions_sentence(facts: Facts) -> str:
    """Return the same as a sentence without its full stop; empty where nothing was predicted."""
    return f"Bonuses of {_count(facts.scoring)}, are in {facts.scored_rows}" if facts.scoring else ""


def _count(document: Document) -> str:
    rows = counted(number_at(document, "rows"), "record")
    package = package_title(text_at(document, "model_package"))
    return f"{number(number_at(document, 'scored'))} of {rows}, predicted by {package}"
