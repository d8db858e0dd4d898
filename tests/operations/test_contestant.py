"""What is compared comes from a version's files, and from the execution that made it, as far as they can be read."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from artefacts.execution import Execution, Step
from execution_report.sources import Facts
from operations.comparison.contestant import Contestant, read_execution, read_version
from operations.executions.source import UnknownExecutionError
from operations.registry.registry import UnreadableError
from operations.registry.version import Version
from operations.registry.version import read_version as read_package
from tests.operations import promoted_version
from tests.operations.test_decision import ACCOUNT, EVALUATION, QUALITY

DEFINITION = {
    "Steps": [
        {
            "Name": "Split",
            "Type": "Processing",
            "Arguments": {
                "AppSpecification": {"ImageUri": "1.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.9-0"},
                "ProcessingInputs": [
                    {"InputName": "code", "S3Input": {"S3Uri": "s3://assets/0a1b.zip"}},
                    {"InputName": "cleaned", "S3Input": {"S3Uri": "s3://data/cleaned"}},
                ],
            },
        },
        {
            "Name": "Gate",
            "Type": "Condition",
            "Arguments": {
                "IfSteps": [
                    {
                        "Name": "Train",
                        "Type": "Training",
                        "Arguments": {"AlgorithmSpecification": {"TrainingImage": "2.dkr.ecr/linear-learner:1"}},
                    }
                ],
                "ElseSteps": [],
            },
        },
    ]
}
FEATURES = f"{promoted_version.FEATURE_MODEL}/feature_model.json"
PREDICTIONS = promoted_version.EVALUATION.replace("evaluation.json", "predictions.csv")
VERSION = read_package(promoted_version.package(ACCOUNT))


@dataclass
class Files:
    """A registry that has files alone."""

    files: dict[str, bytes]
    group: str = promoted_version.GROUP

    def numbers(self) -> list[int]:
        return [VERSION.number]

    def describe(self, _number: int) -> Version:
        return VERSION

    def decide(self, _version: Version, _status: str, _reason: str) -> None:
        raise AssertionError("nobody decides here")

    def read(self, uri: str) -> bytes | None:
        if self.files.get(uri) == b"denied":
            raise UnreadableError(f"{uri}: AccessDenied")
        return self.files.get(uri)


@dataclass
class Runs:
    """Executions that are all alike, or *refused* in one way."""

    refused: Exception | None = None
    found: Facts = field(default_factory=lambda: Facts(Execution()))

    def read(self, _arn: str) -> Execution:
        self._check()
        return Execution(parameters={"MinimumR2": "0.5"})

    def read_definition(self, _arn: str) -> dict[str, Any]:
        self._check()
        return DEFINITION

    def read_facts(self, _arn: str) -> Facts:
        return self.found

    def _check(self) -> None:
        if self.refused:
            raise self.refused


def make_refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "not you"}}, "DescribePipelineExecution")


def files(**more: bytes) -> Files:
    whole = {
        promoted_version.EVALUATION: json.dumps(EVALUATION).encode(),
        promoted_version.DATA_QUALITY: json.dumps(QUALITY).encode(),
        PREDICTIONS: b"actual,predicted\n10.0,9.0\n20.0,21.5\n",
        FEATURES: json.dumps({"features": ["age", "salary"]}).encode(),
    }
    return Files({**whole, **more})


def read(found: Files, runs: Runs) -> Contestant:
    return read_version(VERSION, found, runs)


def test_version_has_its_files_and_the_parameters_and_code_of_its_execution() -> None:
    found = read(files(), Runs())
    assert found.parameters == {"MinimumR2": "0.5"}
    assert found.code == {"Split": "0a1b.zip"}
    assert found.images == {"Split": "sagemaker-scikit-learn:1.9-0", "Train": "linear-learner:1"}
    assert found.features == {"age": "1", "salary": "2"}
    assert found.data == {
        "version": "2026-11-26T05:00:00Z",
        "rows": "1,996",
        "malformed records": "4",
        "missing age": "63",
    }
    assert found.metrics["rmse"].standard_deviation == 71.9
    assert [each.residual for each in found.predictions] == [1.0, -1.5]
    assert found.unread == ()


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (UnknownExecutionError("it does not exist"), "it does not exist"),
        (make_refusal("AccessDeniedException"), "AccessDeniedException: not you"),
    ],
)
def test_version_whose_execution_is_not_shown_is_compared_without(refused: Exception, why: str) -> None:
    found = read(files(), Runs(refused))
    assert (found.parameters, found.code) == ({}, {})
    assert found.metrics
    assert found.unread == (
        f"parameters of execution x2x2x2x2x2x2: {why}",
        f"code of execution x2x2x2x2x2x2: {why}",
    )


def test_other_refusals_end_the_command() -> None:
    with pytest.raises(ClientError):
        read(files(), Runs(make_refusal("ThrottlingException")))


def test_each_file_that_cannot_be_read_is_told_and_the_others_count() -> None:
    found = read(files(**{PREDICTIONS: b"denied", FEATURES: b"not JSON"}), Runs())
    assert (found.predictions, found.features) == ((), {})
    assert found.metrics
    assert [each.partition(" of ")[0] for each in found.unread] == ["predictions.csv", "feature_model.json"]


def test_execution_is_compared_by_its_outputs() -> None:
    step = Step(name="PreProcessing", outputs={"feature-model": "s3://data/models/1/feature-model"})
    facts = Facts(
        Execution(arn="arn:x/execution/abcdefghijkl", steps=[step]),
        evaluation=EVALUATION,
        data_quality=QUALITY,
        rejections={"rejected": 6},
        unreadable={"predictions.csv": "line 3 does not hold two numbers"},
    )
    read_file = {"s3://data/models/1/feature-model/feature_model.json": b'{"features": ["age"]}'}.get
    found = read_execution("arn:x/execution/abcdefghijkl", Runs(found=facts), read_file)
    assert found.name == "execution abcdefghijkl"
    assert (found.features, found.data["rejected rows"]) == ({"age": "1"}, "6")
    assert found.unread == ("predictions.csv of abcdefghijkl: line 3 does not hold two numbers",)
