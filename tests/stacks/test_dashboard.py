"""One page shows how the pipeline fares."""

import json
from typing import Any

import pytest

from settings import STAGES, find_stage
from tests.stacks.operated import Template, operated, resources


def dashboard(template: Template) -> dict[str, Any]:
    (found,) = resources(template, "AWS::CloudWatch::Dashboard").values()
    return found


def widgets(template: Template) -> dict[str, Any]:
    """Return the widgets by title; what CloudFormation fills in stands as its JSON."""
    _, parts = dashboard(template)["DashboardBody"]["Fn::Join"]
    text = "".join(part if isinstance(part, str) else json.dumps(json.dumps(part))[1:-1] for part in parts)
    return {each["properties"].get("title", "heading"): each["properties"] for each in json.loads(text)["widgets"]}


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    return widgets(operated(find_stage("prod")))


def test_each_stage_has_a_dashboard_of_its_own_name() -> None:
    names = [dashboard(operated(stage))["DashboardName"] for stage in STAGES.values()]
    assert names == [f"emp-bonus-{stage}" for stage in STAGES]


def test_heading_names_the_pipeline_and_the_runbooks(shown: dict[str, Any]) -> None:
    assert "emp-bonus-training-pipeline" in shown["heading"]["markdown"]
    assert "docs/runbooks/README.md" in shown["heading"]["markdown"]


def test_executions_are_counted_by_how_they_ended(shown: dict[str, Any]) -> None:
    metrics = shown["Executions"]["metrics"]
    assert [each[1] for each in metrics] == [f"Execution{end}" for end in ("Started", "Succeeded", "Failed", "Stopped")]
    assert all(
        each[:1] + each[2:4] == ["AWS/Sagemaker/ModelBuildingPipeline", "PipelineName", "emp-bonus-training-pipeline"]
        for each in metrics
    )


def test_durations_are_in_minutes(shown: dict[str, Any]) -> None:
    expression, duration = shown["Longest execution (minutes)"]["metrics"]
    assert expression[0]["expression"] == "duration / 60000"
    assert duration[1] == "ExecutionDuration"
    assert duration[-1]["stat"] == "Maximum"


def test_failed_steps_are_those_of_this_pipeline(shown: dict[str, Any]) -> None:
    ((search,),) = shown["Failed steps"]["metrics"]
    assert search["expression"] == (
        "SEARCH('{AWS/Sagemaker/ModelBuildingPipeline,PipelineName,StepName}"
        ' MetricName="StepFailed" PipelineName="emp-bonus-training-pipeline"\', \'Sum\', 86400)'
    )


def test_failed_starts_and_deliveries_are_shown_together(shown: dict[str, Any]) -> None:
    metrics = shown["Failed starts and deliveries"]["metrics"]
    assert [each[1] for each in metrics] == ["ApproximateNumberOfMessagesVisible", *["FailedInvocations"] * 5]
