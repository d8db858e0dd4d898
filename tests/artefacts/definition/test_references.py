"""References are parsed as the service writes them."""

import pytest

from artefacts.definition.references import (
    ExecutionReference,
    MalformedReferenceError,
    ParameterReference,
    StepReference,
    find,
    is_expression,
    parse,
)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Parameters.InputData", ParameterReference("InputData")),
        ("Execution.PipelineExecutionId", ExecutionReference("PipelineExecutionId")),
        (
            "Steps.Train.ModelArtifacts.S3ModelArtifacts",
            StepReference("Train", ("ModelArtifacts", "S3ModelArtifacts")),
        ),
        (
            "Steps.Split.ProcessingOutputConfig.Outputs['a.b-c'].S3Output.S3Uri",
            StepReference("Split", ("ProcessingOutputConfig", "Outputs", "a.b-c", "S3Output", "S3Uri")),
        ),
        (
            "Steps.Tune.TrainingJobSummaries[0].TrainingJobName",
            StepReference("Tune", ("TrainingJobSummaries", 0, "TrainingJobName")),
        ),
        ("Steps.Evaluate.PropertyFiles.Evaluation", StepReference("Evaluate", ("PropertyFiles", "Evaluation"))),
    ],
)
def test_reference_is_parsed(text: str, reference: object) -> None:
    assert parse(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Parameters.",
        "Parameter.X",
        "Execution.Id",
        "Steps.Train",
        "Steps.Train.",
        "Steps..X",
        "Steps.A.B[x]",
        "Steps.A.B['c",
    ],
)
def test_text_that_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(MalformedReferenceError, match=r"is no reference: use Parameters\.NAME"):
        parse(text)


def test_references_are_found_wherever_they_are() -> None:
    document = {"A": [{"Std:Join": {"On": "/", "Values": ["x", {"Get": "Execution.PipelineName"}]}}], "B": {"Get": "C"}}
    assert list(find(document, "Step")) == [
        ("Step.A[0].Std:Join.Values[1]", "Execution.PipelineName"),
        ("Step.B", "C"),
    ]


def test_map_that_happens_to_have_a_key_get_is_no_expression() -> None:
    assert is_expression({"Get": "Parameters.X"})
    assert not is_expression({"Get": "x", "Set": "y"})
    assert not is_expression("Get")
