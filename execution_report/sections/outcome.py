"""What the page is about, and in one sentence what came of it."""

from dataclasses import dataclass

from artefacts.documents import text_at
from artefacts.execution import Execution, Status
from execution_report.arns import package_title
from execution_report.sections.scoring import is_scoring, predictions_sentence
from execution_report.sources import Facts
from execution_report.status import TONES
from execution_report.wording import date_and_time, duration

APPROVAL = {
    "PendingManualApproval": " and waits for a person's approval",
    "Approved": " and is approved",
    "Rejected": " and is marked as rejected",
}


_NOTHING = {False: "Nothing was registered", True: "Nothing was predicted"}
"""By whether the execution was to score."""


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
    match facts.execution.status:
        case Status.SUCCEEDED:
            made = registered or predictions_sentence(facts) or "The execution succeeded; no model was registered"
            return Outcome(f"{made}.", "good")
        case Status.FAILED | Status.COMPLETED_WITH_FAILURES:
            failure, cause = _failure(facts)
            return Outcome(f"{failure}. {registered or _NOTHING[is_scoring(facts.execution)]}.", "bad", cause)
        case Status.STOPPED | Status.STOPPING:
            told = registered or _NOTHING[is_scoring(facts.execution)]
            return Outcome(f"The execution was stopped. {told}.", "warn")
        case _:
            return Outcome("The execution has not ended; this page shows how it stood.", "")


def _registration(execution: Execution) -> str:
    package = execution.package_arn
    approval = APPROVAL.get(execution.parameters.get("ModelApprovalStatus", ""), "")
    return f"The model was registered as {package_title(package)}{approval}" if package else ""


def _failure(facts: Facts) -> tuple[str, str]:
    """Return what failed, and why."""
    failed = facts.execution.failed_steps
    rejections = [step for step in failed if step.type == "Fail"]
    if rejections:
        found = text_at(facts.evaluation, "gate", "failed")
        return "The quality gate rejected the model", rejections[0].failure if found in ("", "none") else found
    names = " and ".join(step.name for step in failed)
    cause = "; ".join(step.failure for step in failed if step.failure) or facts.execution.reason
    return f"The execution failed in step {names}" if names else "The execution failed", cause
