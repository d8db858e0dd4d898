"""What the page is about, and in one sentence what came of it."""

from dataclasses import dataclass

from artefacts.documents import text_at
from artefacts.execution import Execution, Status
from execution_report.arns import package_title
from execution_report.sections.monitoring import (
    TOLD_STEP,
    decision_sentence,
    is_monitoring,
    verdict_sentence,
    verdict_tone,
)
from execution_report.sections.scoring import is_scoring, predictions_sentence
from execution_report.sources import Document, Facts
from execution_report.status import TONES
from execution_report.wording import date_and_time, duration

APPROVAL = {
    "PendingManualApproval": " and waits for a person's approval",
    "Approved": " and is approved",
    "Rejected": " and is marked as rejected",
}
NO_FAULT = " The execution is Failed so that people are told; no step is at fault."
"""After what follows from a verdict: the status above it, in red, looks like an accident."""


@dataclass(frozen=True)
class Heading:
    """What the page is about."""

    pipeline: str
    id: str
    status: str
    tone: str
    """The class of its colour."""
    created: str
    """ISO 8601."""
    when: str
    took: str


@dataclass(frozen=True)
class Outcome:
    """What came of the execution."""

    sentence: str
    tone: str
    cause: str = ""
    """In the words of whoever refused or failed."""


def heading(execution: Execution) -> Heading:
    """Return what the page is about."""
    created, modified = execution.created, execution.modified
    elapsed_s = (modified - created).total_seconds() if created and modified else None
    return Heading(
        pipeline=execution.pipeline or "a pipeline with no name",
        id=execution.id,
        status=execution.status or "Unknown",
        tone=TONES.get(execution.status, ""),
        created=created.isoformat() if created else "",
        when=date_and_time(created),
        took=f"{'took' if execution.has_ended else 'has run for'} {duration(elapsed_s)}",
    )


def outcome(facts: Facts) -> Outcome:
    """Return what came of the execution: a registered model, a rejected one, a failure, or nothing yet."""
    registered = _registration(facts.execution)
    if facts.monitoring and _is_complete(facts.execution):
        return _verdict(facts, facts.monitoring)
    match facts.execution.status:
        case Status.SUCCEEDED:
            made = registered or predictions_sentence(facts) or f"The execution succeeded. {_nothing(facts.execution)}"
            return Outcome(f"{made}.", "good")
        case Status.FAILED | Status.COMPLETED_WITH_FAILURES:
            failure, cause = _failure(facts)
            return Outcome(f"{failure}. {registered or _nothing(facts.execution)}.", "bad", cause)
        case Status.STOPPED | Status.STOPPING:
            told = registered or _nothing(facts.execution)
            return Outcome(f"The execution was stopped. {told}.", "warn")
        case _:
            return Outcome("The execution has not ended; this page shows how it stood.", "")


def _is_complete(execution: Execution) -> bool:
    """Return whether all was done: to fail where somebody is to be told is what a monitoring is for."""
    return execution.status == Status.SUCCEEDED or [step.name for step in execution.failed_steps] == [TOLD_STEP]


def _verdict(facts: Facts, document: Document) -> Outcome:
    """Return what was found of the traffic, or what was predicted and how like the model's data that was."""
    predicted = predictions_sentence(facts)
    told = ". ".join(filter(None, (predicted, verdict_sentence(document))))
    why_failed = "" if facts.execution.status == Status.SUCCEEDED else NO_FAULT
    return Outcome(f"{told}.", verdict_tone(document), f"{decision_sentence(document)}{why_failed}")


def _nothing(execution: Execution) -> str:
    """Return what there is not, as the execution failed."""
    if is_monitoring(execution):
        return "There is no verdict"
    return "Nothing was predicted" if is_scoring(execution) else "Nothing was registered"


def _registration(execution: Execution) -> str:
    package = execution.package_arn
    approval = APPROVAL.get(execution.parameters.get("ModelApprovalStatus", ""), "")
    return f"The model was registered as {package_title(package)}{approval}" if package else ""


def _failure(facts: Facts) -> tuple[str, str]:
    """Return what failed, and why."""
    failed = facts.execution.failed_steps
    rejections = [step for step in failed if step.type == "Fail"]
    if any(step.name == TOLD_STEP for step in rejections):
        return "The monitoring found what a person should know of", rejections[0].failure
    if rejections:
        found = text_at(facts.evaluation, "gate", "failed")
        return "The quality gate rejected the model", rejections[0].failure if found in ("", "none") else found
    names = " and ".join(step.name for step in failed)
    cause = "; ".join(step.failure for step in failed if step.failure) or facts.execution.reason
    return f"The execution failed in step {names}" if names else "The execution failed", cause
