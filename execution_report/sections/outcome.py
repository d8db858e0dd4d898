"""What the page is about, and in one sentence what came of it."""

from dataclasses import dataclass

from execution_report.arns import last_part, package_title
from execution_report.documents import list_at, text_at, value_at
from execution_report.sections.scoring import is_scoring, predictions_sentence
from execution_report.sections.steps import failure_reason, step_records, time_at
from execution_report.sources import Document, Facts
from execution_report.status import ENDED, TONES, Status
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


def heading(execution: Document) -> Heading:
    """Return what the page is about."""
    created, modified = time_at(execution, "CreationTime"), time_at(execution, "LastModifiedTime")
    elapsed_s = (modified - created).total_seconds() if created and modified else None
    status = text_at(execution, "PipelineExecutionStatus")
    return Heading(
        pipeline=last_part(text_at(execution, "PipelineArn")) or "a pipeline with no name",
        id=last_part(text_at(execution, "PipelineExecutionArn")),
        status=status or "Unknown",
        tone=TONES.get(status, ""),
        created=text_at(execution, "CreationTime"),
        when=date_and_time(created),
        took=f"{'took' if status in ENDED else 'has run for'} {duration(elapsed_s)}",
    )


def parameters(execution: Document) -> dict[str, str]:
    """Return the parameters of the pipeline with which *execution* ran."""
    return {text_at(each, "Name"): str(value_at(each, "Value")) for each in list_at(execution, "PipelineParameters")}


def outcome(facts: Facts) -> Outcome:
    """Return what came of the execution: a registered model, a rejected one, a failure, or nothing yet."""
    registered = _registration(facts.execution)
    match text_at(facts.execution, "PipelineExecutionStatus"):
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


def _registration(execution: Document) -> str:
    packages = [text_at(record, "Metadata", "RegisterModel", "Arn") for record in step_records(execution)]
    package = next(filter(None, packages), "")
    approval = APPROVAL.get(parameters(execution).get("ModelApprovalStatus", ""), "")
    return f"The model was registered as {package_title(package)}{approval}" if package else ""


def _failure(facts: Facts) -> tuple[str, str]:
    """Return what failed, and why."""
    failed = [record for record in step_records(facts.execution) if text_at(record, "StepStatus") == Status.FAILED]
    rejections = [record for record in failed if text_at(record, "StepType") == "Fail"]
    if rejections:
        found = text_at(facts.evaluation, "gate", "failed")
        return "The quality gate rejected the model", failure_reason(rejections[0]) if found in ("", "none") else found
    names = " and ".join(text_at(record, "StepName") for record in failed)
    reasons = list(filter(None, map(failure_reason, failed)))
    cause = "; ".join(reasons) or text_at(facts.execution, "FailureReason")
    return f"The execution failed in step {names}" if names else "The execution failed", cause
