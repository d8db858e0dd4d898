"""Images are known by their repositories."""

import sys
from typing import Any, cast

import pytest

from artefacts.definition.graph import all_steps
from local_runner.algorithms import ALGORITHMS, Algorithm
from local_runner.containers.images import SCIKIT_LEARN, check_images, program, repository
from local_runner.errors import RefusedError

SCRIPT = "1.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1"
LEARNER = "1.dkr.ecr.eu-west-1.amazonaws.com/linear-learner:1"


def test_image_is_known_by_its_repository_whatever_its_tag_or_digest() -> None:
    registry = "141502667606.dkr.ecr.eu-west-1.amazonaws.com"
    assert repository(f"{registry}/sagemaker-scikit-learn:1.9-0-cpu-py3") == SCIKIT_LEARN
    assert repository(f"{registry}/linear-learner@sha256:{'0' * 64}") == "linear-learner"


def test_algorithm_runs_by_its_row_in_the_table_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Algorithm(["python3", "-m", "trees", "/opt/ml"], {}, [])
    monkeypatch.setitem(cast("dict[str, Algorithm]", ALGORITHMS), "xgboost", row)
    found = program("1.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1", [], {})
    assert found.command == [sys.executable, "-m", "trees", "/opt/ml"]


@pytest.mark.parametrize("algorithm", ALGORITHMS.values(), ids=ALGORITHMS)
def test_shown_metrics_of_an_algorithm_are_defined(algorithm: Algorithm) -> None:
    assert set(algorithm.shown_metrics) <= set(algorithm.metric_definitions)


@pytest.mark.parametrize("image", ["python:3.12", "1.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1"])
def test_image_that_nothing_stands_for_is_refused(image: str) -> None:
    with pytest.raises(RefusedError, match=f"image {image} cannot run here: only sagemaker-scikit-learn"):
        repository(image)


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (
            "Processing",
            {"AppSpecification": {"ImageUri": LEARNER}},
            "is of type Processing: it runs sagemaker-scikit-learn or sagemaker-spark-processing here",
        ),
        (
            "Training",
            {"AlgorithmSpecification": {"TrainingImage": SCRIPT}},
            "is of type Training: it runs linear-learner here",
        ),
        ("Training", {"AlgorithmSpecification": {"AlgorithmName": "a"}}, "has no TrainingImage: name that of linear-l"),
        (
            "Tuning",
            {"TrainingJobDefinition": {"AlgorithmSpecification": {"TrainingImage": SCRIPT}}},
            "is of type Tuning: it runs linear-learner here",
        ),
    ],
)
def test_image_of_another_type_of_job_is_refused(kind: str, arguments: dict[str, Any], message: str) -> None:
    (step,) = all_steps([{"Name": "A", "Type": kind, "Arguments": arguments}])
    with pytest.raises(RefusedError, match=f"step A {message}"):
        check_images(step)
