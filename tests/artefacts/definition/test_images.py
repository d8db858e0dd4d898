"""The images of a definition are those that its jobs run, wherever their steps stand."""

import json
from typing import Any

import pytest

from artefacts.definition.images import find_images, find_serving_image

PROCESSING: dict[str, Any] = {
    "Name": "Prepare",
    "Type": "Processing",
    "Arguments": {"AppSpecification": {"ImageUri": "one"}, "ProcessingInputs": [{"ImageUri": "nested"}]},
}
TRAINING: dict[str, Any] = {
    "Name": "Train",
    "Type": "Training",
    "Arguments": {"AlgorithmSpecification": {"TrainingImage": "two"}},
}
TUNING: dict[str, Any] = {
    "Name": "Tune",
    "Type": "Tuning",
    "Arguments": {"TrainingJobDefinition": {"AlgorithmSpecification": {"TrainingImage": "three"}}},
}
REGISTRATION: dict[str, Any] = {
    "Name": "Register",
    "Type": "RegisterModel",
    "Arguments": {"InferenceSpecification": {"Containers": [{"Image": "four"}]}},
}


def gate(**branches: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Name": "Gate", "Type": "Condition", "Arguments": {"Conditions": [], **branches}}


@pytest.mark.parametrize(
    ("steps", "images"),
    [
        ([PROCESSING], ["nested", "one"]),
        ([TUNING, TRAINING, TRAINING], ["three", "two"]),
        ([gate(IfSteps=[TRAINING], ElseSteps=[TUNING])], ["three", "two"]),
        ([REGISTRATION], []),
    ],
)
def test_images_of_jobs_are_found_once_and_in_order(steps: list[dict[str, Any]], images: list[str]) -> None:
    assert find_images(steps) == images


@pytest.mark.parametrize("variant", ["", ".tuning"])
def test_images_of_the_pipeline_are_those_of_its_processing_and_training_jobs(
    definitions: dict[str, str], variant: str
) -> None:
    processing, training = find_images(json.loads(definitions[f"dev{variant}"])["Steps"])
    assert processing.partition("/")[2].startswith("sagemaker-scikit-learn:")
    assert training.partition("/")[2].startswith("linear-learner:")


def test_serving_image_is_that_of_the_registered_version_whatever_jobs_run() -> None:
    container = {"Image": "five"}
    registration = {
        **REGISTRATION,
        "Arguments": {**REGISTRATION["Arguments"], "AdditionalInferenceSpecifications": [{"Containers": [container]}]},
    }
    assert find_serving_image([PROCESSING, TRAINING, gate(IfSteps=[registration])]) == "five"
