"""The model card: what people say of the model, and the figures that its version is registered with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from artefacts.documents import as_number, list_at, mapping_at, text_at, value_at
from execution_report.sources import Document
from execution_report.wording import anything, counted, shortened, signed, words

TEXTS = {
    ("model_overview", "model_description"): "Model",
    ("intended_uses", "purpose_of_model"): "Purpose",
    ("intended_uses", "intended_uses"): "Uses",
    ("intended_uses", "risk_rating"): "Risk",
    ("intended_uses", "explanations_for_risk_rating"): "Why that risk",
    ("additional_information", "ethical_considerations"): "Ethical considerations",
    ("additional_information", "caveats_and_recommendations"): "Caveats",
    ("intended_uses", "factors_affecting_model_efficiency"): "What makes it worse",
    ("business_details", "business_problem"): "Business problem",
    ("business_details", "line_of_business"): "Line of business",
    ("business_details", "business_stakeholders"): "Who is concerned",
    ("model_overview", "model_owner"): "Owner",
    ("model_overview", "model_creator"): "Creator",
    ("training_details", "training_observations"): "Training",
}
"""Where a text stands on the card -> what it is called on the page, in its order."""


@dataclass(frozen=True)
class Metric:
    """A figure of the card."""

    group: str
    name: str
    value: str
    notes: str


@dataclass(frozen=True)
class Evaluation:
    """Figures that were found together."""

    name: str
    observation: str
    metadata: list[tuple[str, str]]
    figures: str
    """How many there are."""
    metrics: list[Metric]


@dataclass(frozen=True)
class ModelCard:
    """All that the card says."""

    summary: str
    texts: list[tuple[str, str]]
    evaluations: list[Evaluation]


def model_card(document: Document, *, registered: bool) -> ModelCard:
    """Return what *document*, a model card in SageMaker's form, says."""
    texts = [(title, text_at(document, *path)) for path, title in TEXTS.items()]
    who = "The version is registered" if registered else "No version was registered"
    lacking = "" if value_at(document, "intended_uses") else " What people say on it is in the definition, not here."
    return ModelCard(
        f"{who} with this card.{lacking}",
        [(title, text) for title, text in texts if text],
        [_evaluation(each) for each in list_at(document, "evaluation_details")],
    )


def _evaluation(evaluation: Any) -> Evaluation:
    metadata = mapping_at(evaluation, "metadata").items()
    metrics = [metric for group in list_at(evaluation, "metric_groups") for metric in _metrics(group)]
    return Evaluation(
        text_at(evaluation, "name"),
        text_at(evaluation, "evaluation_observation"),
        [(words(name).capitalize(), anything(text)) for name, text in metadata],
        counted(len(metrics), "figure"),
        metrics,
    )


def _metrics(group: Any) -> Iterator[Metric]:
    title = text_at(group, "name")
    for metric in list_at(group, "metric_data"):
        points = _points(list_at(metric, "value"))
        value = "" if points else anything(value_at(metric, "value"))
        notes = "; ".join(filter(None, (points, text_at(metric, "notes"))))
        yield Metric(title, text_at(metric, "name"), value, notes)


def _points(graph: list[Any]) -> str:
    """Write the points of a graph."""
    points = [point for point in graph if isinstance(point, list) and len(point) == 2]
    return ", ".join(f"{shortened(as_number(x))}: {signed(as_number(y))}" for x, y in points)
