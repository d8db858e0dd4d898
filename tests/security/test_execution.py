"""An execution's requests have the values that the service would put in the place of expressions."""

from typing import Any

import pytest

from tests.security.execution import FOR_THE_SERVICE_TO_ADD, Execution, UnknownValueError, starts

DEFINITION: dict[str, Any] = {
    "Parameters": [
        {"Name": "Input", "Type": "String", "DefaultValue": "s3://data/raw/"},
        {"Name": "Version", "Type": "String"},
        {"Name": "Size", "Type": "String", "DefaultValue": "small", "EnumValues": ["small", "large"]},
    ],
    "Steps": [
        {"Name": "Ask", "Type": "Lambda", "Arguments": {}, "FunctionArn": "arn"},
        {
            "Name": "Split",
            "Type": "Processing",
            "Arguments": {
                "ProcessingJobName": "job-split",
                "ProcessingOutputConfig": {
                    "Outputs": [
                        {
                            "OutputName": "train",
                            "S3Output": {
                                "S3Uri": {
                                    "Std:Join": {
                                        "On": "/",
                                        "Values": ["s3://data", {"Get": "Execution.PipelineExecutionId"}, "train"],
                                    }
                                }
                            },
                        }
                    ]
                },
            },
        },
        {
            "Name": "Train",
            "Type": "Training",
            "Arguments": {"TrainingJobName": "job-train", "OutputDataConfig": {"S3OutputPath": "s3://data/models"}},
        },
    ],
}
EXECUTION = Execution(DEFINITION, "e1", {"Ask": {"Name": "champion"}}, {"Size": "large"})


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ("text", "text"),
        ({"Get": "Parameters.Input"}, "s3://data/raw/"),
        ({"Get": "Parameters.Size"}, "large"),
        ({"Get": "Parameters.Version"}, "any Version"),
        ({"Get": "Execution.PipelineExecutionId"}, "e1"),
        ({"Get": "Steps.Ask.OutputParameters['Name']"}, "champion"),
        ({"Get": "Steps.Split.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"}, "s3://data/e1/train"),
        (
            {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
            f"s3://data/models/job-train-{FOR_THE_SERVICE_TO_ADD}/output/model.tar.gz",
        ),
        ({"A": [{"Std:Join": {"On": "-", "Values": [1, {"Get": "Parameters.Size"}]}}]}, {"A": ["1-large"]}),
    ],
)
def test_expression_has_its_value(node: Any, value: Any) -> None:
    assert EXECUTION.value(node) == value


def test_property_that_nobody_thought_of_is_refused() -> None:
    with pytest.raises(UnknownValueError, match=r"Steps\.Train\.SecondaryStatus: teach execution\.py"):
        EXECUTION.value({"Get": "Steps.Train.SecondaryStatus"})


def test_starts_give_every_parameter_each_of_its_values() -> None:
    assert list(starts(DEFINITION)) == [{}, {"Size": "small"}, {"Size": "large"}]
