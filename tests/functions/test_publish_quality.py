"""Figures of the champion become one line that CloudWatch Logs reads metrics from; without a champion there is none."""

import json
from typing import Any

import pytest
from botocore.loaders import Loader

from functions.publish_quality import METRICS, format_metrics, handler

EVENT = {
    "Pipeline": "emp-bonus-training-pipeline-dev",
    "Champion": "arn:aws:sagemaker:eu-west-1:111122223333:model-package/empbonuspackagegroup-dev/7",
    "ChampionRmse": "1234.5",
    "ChallengerRmse": "1200",
    "ChampionWorse": "1",
}


def written(capsys: pytest.CaptureFixture[str], **changes: str) -> list[dict[str, Any]]:
    assert handler({**EVENT, **changes}, None) == {}
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_line_holds_each_metric_that_it_declares_as_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    (document,) = written(capsys)
    (directive,) = document["_aws"]["CloudWatchMetrics"]
    assert [each["Name"] for each in directive["Metrics"]] == list(METRICS)
    assert {name: document[name] for name in METRICS} == {
        "ChampionRmse": 1234.5,
        "ChallengerRmse": 1200.0,
        "ChampionWorse": 1.0,
    }


def test_line_keeps_the_rules_of_the_embedded_metric_format() -> None:
    # "Specification: Embedded metric format" in the CloudWatch user guide: members, and where each has to be.
    document = json.loads(format_metrics(EVENT, 1_700_000_000.25))
    assert document["_aws"].keys() == {"Timestamp", "CloudWatchMetrics"}
    assert str(document["_aws"]["Timestamp"]) == "1700000000250", "whole milliseconds"
    (directive,) = document["_aws"]["CloudWatchMetrics"]
    assert directive.keys() == {"Namespace", "Dimensions", "Metrics"}
    ((dimension,),) = directive["Dimensions"]
    assert document[dimension] == EVENT["Pipeline"]
    units = Loader().load_service_model("cloudwatch", "service-2")["shapes"]["StandardUnit"]["enum"]
    assert all(each.keys() <= {"Name", "Unit"} and each["Unit"] in units for each in directive["Metrics"])


def test_nothing_is_published_without_a_champion(capsys: pytest.CaptureFixture[str]) -> None:
    assert written(capsys, Champion="none") == []


def test_figure_that_is_no_number_is_no_metric() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        format_metrics({**EVENT, "ChampionRmse": "NaN"}, 0)
