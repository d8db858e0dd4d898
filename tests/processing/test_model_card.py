"""The evaluation's part of a model card: the report's figures, in the form and the lengths that SageMaker takes."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from processing.evaluation import model_card
from processing.evaluation.model_card import make_evaluation, make_metric, write_card
from processing.job import JobError

Document = dict[str, Any]


def pair(one: str, other: str, value: float, *, significant: bool = True) -> Document:
    difference = {"value": value, "low": value - 50, "high": value + 50}
    p_values = {"p_value": 0.0001, "adjusted_p_value": 0.0003}
    return {"groups": [one, other], "difference": difference, **p_values, "significant": significant}


def group(rows: int, error: float = 0.0) -> Document:
    return {"rows": rows, "mean_error": {"value": error, "low": error - 40, "high": error + 40}, "rmse": 1_210.25}


def report(**changes: Any) -> Document:
    """Return an evaluation.json."""
    limit = {"comparison": "at_most", "limit": 2_500.0, "found": 1_218.4, "kept": True}
    document = {
        "data_version": "2026-11-26",
        "rows": 1_996,
        "regression_metrics": {"rmse": {"value": 1_218.4567, "standard_deviation": 52.1}},
        "baseline": {"prediction": 7_551.25},
        "champion": {
            "present": True,
            "name": "arn:aws:sagemaker:eu-west-1:1:model-package/bonus/3",
            "rows": 180,
            "rmse": {"value": 1_250.0},
            "challenger_rmse": {"value": 1_200.0},
            "improvement": {"value": 0.04},
            "worsening": {"value": 0.0, "low": 0.0, "high": 0.0, "significant": 0},
        },
        "cross_check": {"metric": "test:mse", "reported": 1_484_539.88, "recomputed": 1_484_540.0},
        "gate": {"passed": True, "failed": "none", "limits": {"MaximumRmse": limit}},
        "fairness": {
            "confidence": 0.95,
            "columns": {
                "department": {
                    "groups": {"Sales": group(40, 120), "Finance": group(90, -80)},
                    "pairs": [pair("Finance", "Sales", -200)],
                },
                "age_group": {"groups": {"under 30": group(50)}, "pairs": []},
            },
            "largest_difference": {"value": 200.0, "column": "department", "groups": ["Sales", "Finance"]},
        },
        "explanations": {
            "importance": {"salary": 1_372.0, "age": 35.5},
            "effects": {"age": {"reference": 35.0, "values": [{"value": 22.0, "effect": 51.0}]}},
            "r2": {"least_squares": 0.8665, "without": {"age": 0.8662}},
        },
    }
    return document | changes


def card_of(folder: Path, document: Document) -> Document:
    write_card(folder, document)
    written = json.loads((folder / "model_card.json").read_text(encoding="utf-8"))
    return {name: json.loads(text) for name, text in written.items()}


def metrics_of(evaluation: Document) -> dict[str, list[tuple[Any, ...]]]:
    return {
        each["name"]: [(metric["name"], metric["value"], metric.get("notes")) for metric in each["metric_data"]]
        for each in evaluation["metric_groups"]
    }


def test_card_has_the_figures_of_the_report_with_limits_verdicts_and_the_champion(tmp_path: Path) -> None:
    quality, *_ = card_of(tmp_path, report())["evaluation_details"]
    assert quality["metadata"] == {
        "data_version": "2026-11-26",
        "quality_gate": "passed",
        "compared_with": "arn:aws:sagemaker:eu-west-1:1:model-package/bonus/3",
    }
    assert metrics_of(quality) == {
        "Quality": [("rmse", 1218.46, "standard deviation 52.1")],
        "Quality gate": [("MaximumRmse", 1218.4, "at most 2,500: kept")],
        "Beside the champion": [
            ("rmse", 1200.0, "on 180 rows new to both"),
            ("rmse of the other", 1250.0, "on the same rows"),
            ("improvement", 0.04, "share of the other's rmse"),
        ],
    }


def test_card_says_that_the_champion_has_worsened_significantly(tmp_path: Path) -> None:
    document = report()
    document["champion"]["worsening"] = {"value": 150.0, "low": 30.0, "high": 270.0, "significant": 1}
    quality, *_ = card_of(tmp_path, document)["evaluation_details"]
    assert metrics_of(quality)["Beside the champion"][-1] == (
        *("worsening of the champion", 150.0),
        "of its rmse since it was registered; from 30 to 270",
    )


def test_card_has_the_groups_in_their_order_and_the_differences_that_are_significant(tmp_path: Path) -> None:
    _, groups, _ = card_of(tmp_path, report())["evaluation_details"]
    assert metrics_of(groups) == {
        "Mean error by department": [
            ("Sales", 120.0, "from 80 to 160; 40 rows, rmse 1,210.25"),
            ("Finance", -80.0, "from -120 to -40; 90 rows, rmse 1,210.25"),
        ],
        "Differences by department": [("Finance - Sales", -200.0, "from -250 to -150; adjusted p 0.0003")],
        "Mean error by age_group": [("under 30", 0.0, "from -40 to 40; 50 rows, rmse 1,210.25")],
    }
    assert "the largest that is significant is 200, by department" in groups["evaluation_observation"]


def test_card_says_that_no_difference_is_significant(tmp_path: Path) -> None:
    fairness = report()["fairness"]
    fairness["columns"]["department"]["pairs"][0]["significant"] = False
    fairness["largest_difference"] = {"value": 0.0, "column": "none", "groups": []}
    _, groups, _ = card_of(tmp_path, report(fairness=fairness))["evaluation_details"]
    assert "Differences by department" not in metrics_of(groups)
    assert "(Holm), none is significant." in groups["evaluation_observation"]


def test_card_has_what_each_column_carries_and_the_effect_of_age(tmp_path: Path) -> None:
    columns = metrics_of(card_of(tmp_path, report())["evaluation_details"][2])
    assert columns["Mean contribution to a prediction"][1] == ("age", 35.5, "mean of its absolute values")
    assert columns["R2 of least squares"] == [("all columns", 0.8665, None), ("without age", 0.8662, None)]
    assert columns["Effect of age alone"] == [("age", [[22.0, 51.0]], "beside a record with age 35")]


def test_effect_of_a_column_that_is_not_used_is_left_out(tmp_path: Path) -> None:
    explanations = report()["explanations"] | {"effects": {"age": {"reference": 35.0, "values": []}}}
    columns = card_of(tmp_path, report(explanations=explanations))["evaluation_details"][2]
    assert "Effect of age alone" not in metrics_of(columns)


def test_card_says_what_the_training_job_reported(tmp_path: Path) -> None:
    training = card_of(tmp_path, report())["training_details"]
    assert "Data version 2026-11-26;" in training["training_observations"]
    assert "7,551.25" in training["training_observations"]
    (metric,) = training["training_job_details"]["training_metrics"]
    assert (metric["name"], metric["value"]) == ("test:mse", 1484540.0)
    assert "1,484,540 when computed from its artefact" in metric["notes"]


@pytest.mark.parametrize("figure", [math.nan, math.inf, -math.inf])
def test_figure_that_is_no_number_is_refused_and_nothing_is_written(tmp_path: Path, figure: float) -> None:
    document = report()
    document["champion"]["improvement"]["value"] = figure
    with pytest.raises(JobError) as refused:
        write_card(tmp_path, document)
    assert str(refused.value) == (f"model card: one of its figures is {figure}: look for bonuses of a wrong magnitude")
    assert list(tmp_path.iterdir()) == []


MAXIMA: dict[str, tuple[Callable[[str], Any], int]] = {
    "the name of an evaluation": (lambda text: make_evaluation(text, "said", {}), 63),
    "what is said of 'Test'": (lambda text: make_evaluation("Test", text, {}), 2_096),
    "the name of a group of metrics": (
        lambda text: make_evaluation("Test", "said", {text: [make_metric("rmse", 1)]}),
        63,
    ),
    "the name of a metric": (lambda text: make_metric(text, 1.0), 255),
    "the notes of a metric": (lambda text: make_metric("rmse", 1.0, text), 1_024),
}


@pytest.mark.parametrize("what", MAXIMA)
def test_text_of_the_greatest_length_passes_and_a_longer_one_is_refused_in_one_line(what: str) -> None:
    build, most = MAXIMA[what]
    build("x" * most)
    with pytest.raises(JobError) as refused:
        build("x" * (most + 1))
    assert str(refused.value) == (
        f"model card: {what} has {most + 1:,} characters, and SageMaker takes 1 to {most:,}: shorten it"
    )


def test_text_that_is_too_long_for_the_metadata_is_refused(tmp_path: Path) -> None:
    document = report()
    document["champion"]["name"] = "x" * 1_025
    with pytest.raises(
        JobError, match=r"^model card: metadata compared_with has 1,025 characters, and SageMaker takes"
    ):
        write_card(tmp_path, document)


def test_sections_fit_however_many_groups_there_are_and_however_long_their_names_are(tmp_path: Path) -> None:
    names = [f"{number:03}{'部' * 300}" for number in range(60)]
    many = {
        "groups": {name: group(rows, 1e5 / 7) for rows, name in enumerate(names, 10)},
        "pairs": [pair(one, other, 1e5 / 7) for one in names for other in names if one < other],
    }
    fairness = report()["fairness"] | {"columns": {"department": many, "age_group": many}}
    card = card_of(tmp_path, report(fairness=fairness))
    groups = metrics_of(card["evaluation_details"][1])
    assert {name: len(each) for name, each in groups.items()} == {
        "Mean error by department": 20,
        "Differences by department": 20,
        "Mean error by age_group": 20,
        "Differences by age_group": 20,
    }
    assert groups["Mean error by department"][-1][0] == f"059{'部' * 59}…"


@pytest.mark.parametrize("section", ["training_details", "evaluation_details"])
def test_section_longer_than_its_share_of_the_card_is_refused(
    tmp_path: Path, section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_card(tmp_path, report())
    length = len(json.loads((tmp_path / "model_card.json").read_text(encoding="utf-8"))[section])
    monkeypatch.setitem(model_card.SECTIONS, section, length)
    write_card(tmp_path, report())
    monkeypatch.setitem(model_card.SECTIONS, section, length - 1)
    with pytest.raises(JobError, match=f"model card: {section} has {length:,} characters"):
        write_card(tmp_path, report())


def test_text_of_the_data_has_no_line_end_in_the_card(tmp_path: Path) -> None:
    version = "a\u2028b\u2029c\x85d\ne"
    write_card(tmp_path, report(data_version=version))
    written = json.loads((tmp_path / "model_card.json").read_text(encoding="utf-8"))
    assert [len(text.splitlines()) for text in written.values()] == [1, 1]
    assert (
        card_of(tmp_path, report(data_version=version))["evaluation_details"][0]["metadata"]["data_version"] == version
    )
