"""Expressions of a definition have the values that the service would give them."""

import re
from typing import Any

import pytest

from local_runner.errors import RefusedError, StepFailedError
from local_runner.interpreter.expressions import PropertyFile, Scope, check_supported, resolve

FILES = {"s3://b/figures/evaluation.json": '{"metrics": {"r2": {"value": 0.85}}, "slices": [{"rows": 3}]}'}
SCOPE = Scope(
    parameters={"Count": 3, "Kind": "ml.m5.large"},
    variables={"PipelineExecutionId": "abc"},
    descriptions={
        "Split": {
            "ProcessingOutputConfig": {
                "Outputs": [
                    {"OutputName": "train", "S3Output": {"S3Uri": "s3://b/train"}},
                    {"OutputName": "test", "S3Output": {"S3Uri": "s3://b/test"}},
                ]
            }
        },
        "Evaluate": {
            "ProcessingOutputConfig": {"Outputs": [{"OutputName": "figures", "S3Output": {"S3Uri": "s3://b/figures"}}]}
        },
        "Find": {"OutputParameters": {"Name": "none"}},
        "Train": {"FinalMetricDataList": [{"MetricName": "test:mse", "Value": 4.5}], "Names": ["first", "second"]},
    },
    property_files={("Evaluate", "Figures"): PropertyFile("figures", "evaluation.json")},
    read={
        "s3://b/figures/evaluation.json": '{"metrics": {"r2": {"value": 0.85}}, "slices": [{"rows": 3}]}'
    }.__getitem__,
)


def json_get(path: str) -> dict[str, Any]:
    return {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Figures"}, "Path": path}}


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Get": "Parameters.Count"}, 3),
        ({"Get": "Execution.PipelineExecutionId"}, "abc"),
        ({"Get": "Steps.Split.ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri"}, "s3://b/test"),
        ({"Get": "Steps.Train.FinalMetricDataList['test:mse'].Value"}, 4.5),
        ({"Get": "Steps.Train.Names[1]"}, "second"),
        ({"Std:Join": {"On": "/", "Values": ["s3:/", {"Get": "Execution.PipelineExecutionId"}, 7]}}, "s3://abc/7"),
        ({"Get": "Steps.Find.OutputParameters['Name']"}, "none"),
        (json_get("metrics.r2.value"), 0.85),
        (json_get("slices[0].rows"), 3),
        ({"Std:Join": {"On": "", "Values": ["r2 ", json_get("metrics.r2.value")]}}, "r2 0.85"),
        ({"A": [{"Get": "Parameters.Kind"}], "B": None}, {"A": ["ml.m5.large"], "B": None}),
        ({"Get": "x", "Set": "y"}, {"Get": "x", "Set": "y"}),
    ],
)
def test_expression_has_its_value(node: Any, value: Any) -> None:
    assert resolve(node, SCOPE) == value


@pytest.mark.parametrize(
    "reference",
    ["Steps.Split.ProcessingOutputConfig.Outputs['dev'].S3Output.S3Uri", "Steps.Train.Nothing", "Steps.Train.Names[7]"],
)
def test_property_that_was_not_made_fails_the_step(reference: str) -> None:
    with pytest.raises(StepFailedError, match="ClientError: what step"):
        resolve({"Get": reference}, SCOPE)


@pytest.mark.parametrize("path", ["metrics.mse.value", "slices[3].rows", "metrics.r2.value.x"])
def test_figure_that_is_not_in_the_file_fails_the_step(path: str) -> None:
    with pytest.raises(StepFailedError, match=re.escape(f"ClientError: evaluation.json has no {path}")):
        resolve(json_get(path), SCOPE)


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"A": [{"Std:Split": {}}]}, r"Step\.A\[0\]: cannot evaluate Std:Split here"),
        (json_get("$.metrics"), r"Step: cannot follow '\$\.metrics' here; write it as a\.b\[0\]\.c"),
        ({"Get": "Nowhere.X"}, r"Step: 'Nowhere\.X' is no reference"),
    ],
)
def test_expression_that_cannot_be_evaluated_is_refused_with_its_position(node: Any, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        check_supported(node, "Step")


def test_supported_expressions_are_not_refused() -> None:
    check_supported({"A": [{"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Count"}]}}]}, "Step")
