"""From facts to the page: fills the templates, in which everything that is not a drawing is escaped."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from artefacts.documents import number_at
from artefacts.execution import Status
from execution_report.sections.champion import contest
from execution_report.sections.data_quality import data_quality
from execution_report.sections.errors import baseline_sentence, cross_check_sentence, metrics, residuals, slices
from execution_report.sections.gate import gate
from execution_report.sections.outcome import heading, outcome
from execution_report.sections.predictions import draw_histogram, draw_scatter, histogram_caption, scatter_caption
from execution_report.sections.rejections import rejections
from execution_report.sections.scoring import SCORING_STEP, is_scoring
from execution_report.sections.steps import timeline
from execution_report.sources import DATA_QUALITY, EVALUATION, PREDICTIONS, REJECTIONS, Document, Facts, Prediction
from execution_report.wording import number

STEPS = {
    DATA_QUALITY: "EmpBonusDataQuality",
    REJECTIONS: "EmpBonusPreProcessing",
    EVALUATION: "EmpBonusEvaluation",
    PREDICTIONS: "EmpBonusEvaluation",
}
"""File -> the step that writes it."""

MODEL_SECTIONS = {"gate": "Quality gate", "champion": "Champion", "errors": "Errors"}
DATA_SECTIONS = {"data_quality": "Data quality", "rejections": "Rejected rows"}
REJECTION_SECTIONS = {"rejections": "Rejected rows"}
"""All that an execution has that scores records."""
RUN_SECTIONS = {"steps": "Steps", "parameters": "Parameters"}
"""Template and anchor of a section -> what links to it are called."""


def render(facts: Facts) -> str:
    """Return the page about *facts*: HTML that loads nothing and runs no script.

    Of the last local run:

        page = render(read_folder(Path(".local/executions/latest")))
    """
    scores = is_scoring(facts.execution)
    steps = {**STEPS, REJECTIONS: SCORING_STEP} if scores else STEPS
    return (
        _environment()
        .get_template("page.html")
        .render(
            sections={**(REJECTION_SECTIONS if scores else _order_sections(facts)), **RUN_SECTIONS},
            heading=heading(facts.execution),
            outcome=outcome(facts),
            parameters=facts.execution.parameters,
            timeline=timeline(facts.execution),
            data_quality=data_quality(facts.data_quality) if facts.data_quality else None,
            rejections=rejections(facts),
            evaluation=_evaluation(facts.evaluation) if facts.evaluation else None,
            predictions=_predictions(facts.predictions, facts.evaluation) if facts.predictions else None,
            absent={file: _absence(file, step, facts) for file, step in steps.items()},
        )
    )


def _order_sections(facts: Facts) -> dict[str, str]:
    # Where no model was evaluated, the data is what one wants to see.
    first, second = (MODEL_SECTIONS, DATA_SECTIONS) if facts.evaluation else (DATA_SECTIONS, MODEL_SECTIONS)
    return {**first, **second}


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
        "rows": number(number_at(document, "rows")),
        "gate": gate(document),
        "contest": contest(document),
        "metrics": metrics(document),
        "baseline": baseline_sentence(document),
        "cross_check": cross_check_sentence(document),
        "slices": slices(document),
        "residuals": residuals(document),
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
