"""The evaluation's part of the model card: figures of the report, in the form and the lengths that SageMaker takes.

Source: aws/sagemaker-python-sdk, sagemaker-core/src/sagemaker/core/tools/model_card/model_card_schema.json. Its
patterns for names are not anchored, so that longer ones keep to it; whether the service takes them, nobody says.
"""

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from processing.job import JobError

FILE_NAME = "model_card.json"

SECTIONS = {"training_details": 5_000, "evaluation_details": 50_000}
"""What the file has -> the most characters of its JSON text; of a card's 100,000, the rest is for people's texts."""

GROUP_NAME = 63
"""The most characters of the name of metrics that go together, and of that of an evaluation."""
METRIC_NAME = 255
NOTES = 1_024
"""And of a value of the metadata, and of what is said of the training."""
OBSERVATION = 2_096

MOST_METRICS = 20
"""Of a column's groups, and of the differences between them, the largest are on the card; evaluation.json has all."""
_MOST_LETTERS = 63
"""Of a group of employees: its name is a value of the data, which may be of any length."""

_LINE_ENDS = {ord(each): f"\\u{ord(each):04x}" for each in "\x85\u2028\u2029"}
"""The service's pattern for a card, `.*`, takes none; JSON writes the others as escapes itself."""

Document = Mapping[str, Any]


def write_card(folder: Path, report: Document) -> None:
    """Write into *folder* what the card says of *report*; raise `JobError` where SageMaker would not take it."""
    found = {
        "training_details": _describe_training(report),
        "evaluation_details": [
            _describe_quality(report),
            _describe_groups(report["fairness"]),
            _describe_columns(report["explanations"]),
        ],
    }
    texts = {name: json.dumps(section, ensure_ascii=False, allow_nan=False) for name, section in found.items()}
    document = {name: _check_length(name, texts[name].translate(_LINE_ENDS), most) for name, most in SECTIONS.items()}
    (folder / FILE_NAME).write_text(f"{json.dumps(document, indent=2)}\n", encoding="utf-8")


def _describe_training(report: Document) -> dict[str, Any]:
    check = report["cross_check"]
    said = (
        f"Data version {report['data_version']}; a keyed hash of the employee's id sends a row to training, validation"
        f" or test. The mean bonus of the training rows is {_show(report['baseline']['prediction'])}."
    )
    notes = f"as the training job reported it; {_show(check['recomputed'])} when computed from its artefact"
    metric = make_metric(check["metric"], check["reported"], notes)
    del metric["type"]  # that of a training's metric is always a number
    return {
        "training_observations": _check_length("training_observations", said, NOTES),
        "training_job_details": {"training_metrics": [metric]},
    }


def _describe_quality(report: Document) -> dict[str, Any]:
    gate, champion = report["gate"], report["champion"]
    metadata = {
        "data_version": report["data_version"],
        "quality_gate": "passed" if gate["passed"] else gate["failed"],
        "compared_with": champion["name"] if champion["present"] else "the baseline, which predicts the mean",
    }
    figures = {
        "Quality": [
            make_metric(name, each["value"], f"standard deviation {_show(each['standard_deviation'])}")
            for name, each in report["regression_metrics"].items()
        ],
        "Quality gate": [
            make_metric(name, each["found"], _describe_limit(each)) for name, each in gate["limits"].items()
        ],
        f"Beside the {'champion' if champion['present'] else 'baseline'}": _describe_comparison(champion),
    }
    said = f"{report['rows']:,} rows that the model was not trained on. Amounts are in the currency of the bonus."
    return {
        **make_evaluation("Held-out test rows", said, figures),
        "metadata": {name: _check_length(f"metadata {name}", text, NOTES) for name, text in metadata.items()},
    }


def _describe_comparison(champion: Document) -> list[dict[str, Any]]:
    metrics = [
        make_metric("rmse", champion["challenger_rmse"]["value"], f"on {champion['rows']:,} rows new to both"),
        make_metric("rmse of the other", champion["rmse"]["value"], "on the same rows"),
        make_metric("improvement", champion["improvement"]["value"], "share of the other's rmse"),
    ]
    worsening = champion["worsening"]
    if worsening["significant"]:
        notes = f"of its rmse since it was registered; {_show_interval(worsening)}"
        metrics.append(make_metric("worsening of the champion", worsening["value"], notes))
    return metrics


def _describe_limit(limit: Document) -> str:
    kept = "kept" if limit["kept"] else "broken"
    return f"{limit['comparison'].replace('_', ' ')} {_show(limit['limit'])}: {kept}"


def _describe_groups(fairness: Document) -> dict[str, Any]:
    figures = {}
    for column, found in fairness["columns"].items():
        figures[f"Mean error by {column}"] = _describe_errors(found["groups"])
        figures[f"Differences by {column}"] = _describe_differences(found["pairs"])
    largest = fairness["largest_difference"]
    difference = f"the largest that is significant is {_show(largest['value'])}, by {largest['column']}"
    said = (
        "The mean error is actual minus predicted: above 0, the model predicts too little for the group. Intervals are"
        f" of {fairness['confidence']:.0%}. Of the differences between two groups, corrected for their number (Holm),"
        f" {difference if largest['groups'] else 'none is significant'}."
    )
    return make_evaluation("Groups of employees", said, figures)


def _describe_errors(groups: Mapping[str, Document]) -> list[dict[str, Any]]:
    largest = sorted(groups, key=lambda name: (-groups[name]["rows"], name))[:MOST_METRICS]
    return [
        make_metric(
            _shorten(name),
            each["mean_error"]["value"],
            f"{_show_interval(each['mean_error'])}; {each['rows']:,} rows, rmse {_show(each['rmse'])}",
        )
        for name, each in groups.items()
        if name in largest
    ]


def _describe_differences(pairs: Iterable[Document]) -> list[dict[str, Any]]:
    significant = [pair for pair in pairs if pair["significant"]]
    significant.sort(key=lambda pair: -abs(pair["difference"]["value"]))
    return [
        make_metric(
            " - ".join(map(_shorten, pair["groups"])),
            pair["difference"]["value"],
            f"{_show_interval(pair['difference'])}; adjusted p {_show(pair['adjusted_p_value'])}",
        )
        for pair in significant[:MOST_METRICS]
    ]


def _describe_columns(explanations: Document) -> dict[str, Any]:
    r2 = explanations["r2"]
    figures = {
        "Mean contribution to a prediction": [
            make_metric(name, value, "mean of its absolute values")
            for name, value in explanations["importance"].items()
        ],
        "R2 of least squares": [
            make_metric("all columns", r2["least_squares"]),
            *(make_metric(f"without {name}", value) for name, value in r2["without"].items()),
        ],
        **{
            f"Effect of {name} alone": [_graph(name, effect)]
            for name, effect in explanations["effects"].items()
            if effect["values"]
        },
    }
    said = "What each column of the record carries of a prediction; everything else equal, where it says alone."
    return make_evaluation("Explanations", said, figures)


def _graph(name: str, effect: Document) -> dict[str, Any]:
    notes = f"beside a record with {name} {_show(effect['reference'])}"
    values = [[_number(each["value"]), _number(each["effect"])] for each in effect["values"]]
    graph = {"name": name, "type": "linear_graph", "value": values, "x_axis_name": name, "y_axis_name": "effect"}
    return {**graph, "notes": notes}


def make_evaluation(name: str, said: str, figures: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return an entry of the card's evaluations, without groups that have no metric."""
    return {
        "name": _check_length("the name of an evaluation", name, GROUP_NAME),
        "evaluation_observation": _check_length(f"what is said of {name!r}", said, OBSERVATION),
        "metric_groups": [
            {"name": _check_length("the name of a group of metrics", group, GROUP_NAME), "metric_data": metrics}
            for group, metrics in figures.items()
            if metrics
        ],
    }


def make_metric(name: str, value: float, notes: str = "") -> dict[str, Any]:
    """Return a number of the card."""
    metric = {
        "name": _check_length("the name of a metric", name, METRIC_NAME),
        "type": "number",
        "value": _number(value),
    }
    return metric | ({"notes": _check_length("the notes of a metric", notes, NOTES)} if notes else {})


def _check_length(what: str, text: str, most: int) -> str:
    if not 1 <= len(text) <= most:
        raise JobError(
            f"model card: {what} has {len(text):,} characters, and SageMaker takes 1 to {most:,}: shorten it"
        )
    return text


def _number(value: float) -> float:
    """Return *value* as people read it: JSON has no other numbers than finite ones."""
    if not math.isfinite(value):
        raise JobError(f"model card: one of its figures is {value}: look for bonuses of a wrong magnitude")
    return float(f"{value:.6g}")


def _show(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e5 else f"{value:,.0f}"


def _show_interval(figure: Document) -> str:
    return f"from {_show(figure['low'])} to {_show(figure['high'])}"


def _shorten(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
