"""From facts to the page: fills the templates, in which everything that is not a drawing is escaped."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from artefacts.documents import mapping_at, number_at, text_at
from artefacts.execution import Status
from execution_report.sections.champion import contest
from execution_report.sections.data_quality import data_quality
from execution_report.sections.errors import baseline_sentence, cross_check_sentence, metrics, residuals, slices
from execution_report.sections.explanations import explanations
from execution_report.sections.fairness import fairness
from execution_report.sections.gate import gate
from execution_report.sections.history import history, labels
from execution_report.sections.model_card import model_card
from execution_report.sections.monitoring import MONITORING_STEP, is_monitoring, monitoring_figures, window
from execution_report.sections.outcome import heading, outcome
from execution_report.sections.predictions import draw_histogram, draw_scatter, histogram_caption, scatter_caption
from execution_report.sections.rejections import rejections
from execution_report.sections.scoring import SCORING_STEP, is_scoring
from execution_report.sections.steps import timeline
from execution_report.sections.watched_columns import watched_columns
from execution_report.sources import (
    DATA_QUALITY,
    EVALUATION,
    MONITORING,
    PREDICTIONS,
    REJECTIONS,
    Document,
    Facts,
    Prediction,
)
from execution_report.wording import number

STEPS = {
    DATA_QUALITY: "EmpBonusDataQuality",
    REJECTIONS: "EmpBonusPreProcessing",
    EVALUATION: "EmpBonusEvaluation",
    PREDICTIONS: "EmpBonusEvaluation",
    MONITORING: MONITORING_STEP,
}
"""File -> the step that writes it."""

MODEL_SECTIONS = {
    "gate": "Quality gate",
    "champion": "Champion",
    "errors": "Errors",
    "fairness": "Fairness",
    "explanations": "Explanations",
    "model_card": "Model card",
}
DATA_SECTIONS = {"data_quality": "Data quality", "rejections": "Rejected rows"}
REJECTION_SECTIONS = {"rejections": "Rejected rows"}
"""What an execution has that scores records."""
WATCH_SECTIONS = {"verdict": "Verdict", "watched_columns": "Columns"}
"""What one has that judges records, captured or scored."""
LASTING_SECTIONS = {"labels": "New labels", "history": "History"}
"""What one has in addition that judges captured traffic, window after window."""
RUN_SECTIONS = {"steps": "Steps", "parameters": "Parameters"}
"""Template and anchor of a section -> what links to it are called."""


def render(facts: Facts) -> str:
    """Return the page about *facts*: HTML that loads nothing and runs no script.

    Of the last local run:

        page = render(read_folder(Path(".local/executions/latest")))
    """
    steps = {**STEPS, REJECTIONS: SCORING_STEP} if is_scoring(facts.execution) else STEPS
    return (
        _environment()
        .get_template("page.html")
        .render(
            sections={**_order_sections(facts), **RUN_SECTIONS},
            heading=heading(facts.execution),
            outcome=outcome(facts),
            key_figures=_key_figures(facts),
            parameters=facts.execution.parameters,
            timeline=timeline(facts.execution),
            data_quality=data_quality(facts.data_quality) if facts.data_quality else None,
            rejections=rejections(facts),
            evaluation=_evaluation(facts.evaluation) if facts.evaluation else None,
            card=model_card(facts.card, registered=bool(facts.execution.package_arn)) if facts.card else None,
            monitoring=_monitoring(facts.monitoring) if facts.monitoring else None,
            predictions=_predictions(facts.predictions, facts.evaluation) if facts.predictions else None,
            absent={file: _absence(file, step, facts) for file, step in steps.items()},
        )
    )


def _order_sections(facts: Facts) -> dict[str, str]:
    watched = _watch_sections(facts)
    if is_monitoring(facts.execution):
        return watched
    if is_scoring(facts.execution):
        return {**REJECTION_SECTIONS, **watched}
    model = {name: title for name, title in MODEL_SECTIONS.items() if _has_section(name, facts)}
    # Where no model was evaluated, the data is what one wants to see.
    first, second = (model, DATA_SECTIONS) if facts.evaluation else (DATA_SECTIONS, model)
    return {**first, **second}


def _has_section(name: str, facts: Facts) -> bool:
    """Return whether there is something to say of it: earlier evaluations have no groups and no explanations."""
    optional = {
        "fairness": mapping_at(facts.evaluation, "fairness"),
        "explanations": mapping_at(facts.evaluation, "explanations"),
        "model_card": facts.card,
    }
    return bool(optional.get(name, True))


def _watch_sections(facts: Facts) -> dict[str, str]:
    if not facts.monitoring:
        watches = is_monitoring(facts.execution) or facts.execution.find_step(MONITORING_STEP)
        return {"verdict": "Verdict"} if watches else {}
    lasting = {} if text_at(facts.monitoring, "source") == "files" else LASTING_SECTIONS
    return {**WATCH_SECTIONS, **lasting}


def _key_figures(facts: Facts) -> list[tuple[str, str]]:
    if not facts.evaluation:
        return monitoring_figures(facts.monitoring) if facts.monitoring else []
    return [
        *((metric.name, metric.value) for metric in metrics(facts.evaluation)[:3]),
        ("Improvement", contest(facts.evaluation).improvement),
        ("Test rows", number(number_at(facts.evaluation, "rows"))),
    ]


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> str:
    return (files("execution_report") / "templates" / name).read_text(encoding="utf-8")


def _evaluation(document: Document) -> dict[str, Any]:
    return {
        "gate": gate(document),
        "contest": contest(document),
        "metrics": metrics(document),
        "baseline": baseline_sentence(document),
        "cross_check": cross_check_sentence(document),
        "slices": slices(document),
        "residuals": residuals(document),
        "fairness": fairness(document),
        "explanations": explanations(document),
    }


def _monitoring(document: Document) -> dict[str, Any]:
    return {
        "window": window(document),
        "columns": watched_columns(document),
        "labels": labels(document),
        "history": history(document),
    }


def _predictions(predictions: tuple[Prediction, ...], evaluation: Document | None) -> dict[str, Any]:
    scatter = scatter_caption(predictions, number_at(evaluation, "rows"))
    histogram = histogram_caption(predictions)
    return {
        "scatter_caption": scatter,
        "scatter": draw_scatter(predictions, scatter),
        "histogram_caption": histogram,
        "histogram": draw_histogram(predictions, histogram),
    }


def _absence(file: str, step: str, facts: Facts) -> str:
    """Say why there is nothing of *file*, which *step* writes."""
    if file in facts.unreadable:
        return f"{file} cannot be read: {facts.unreadable[file]}."
    found = facts.execution.find_step(step)
    status = found.status if found else ""
    reasons: dict[str, str] = {
        "": f"step {step} did not run",
        Status.FAILED: f"step {step} failed before it wrote it",
        Status.STOPPED: f"step {step} was stopped",
        Status.SUCCEEDED: f"it is no longer where step {step} wrote it, or it is empty",
    }
    why = reasons.get(status, f"step {step} has not ended")
    return f"There is no {file}: {why}."
