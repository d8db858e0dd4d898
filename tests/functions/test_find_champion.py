"""The champion is the newest approved version, with its files; where there is none, a placeholder stands for them."""

import io
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.stub import Stubber

from functions.find_champion import RETRIES, ChampionError, find_champion, handler

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

GROUP = "EmpBonusPackageGroup"
NONE = "s3://code/none.json"
LIST = {
    "ModelPackageGroupName": GROUP,
    "ModelApprovalStatus": "Approved",
    "SortBy": "CreationTime",
    "SortOrder": "Descending",
}


def summary(version: int) -> dict[str, Any]:
    return {
        "ModelPackageArn": arn(version),
        "ModelPackageVersion": version,
        "CreationTime": 0,
        "ModelPackageStatus": "Completed",
    }


def arn(version: int) -> str:
    return f"arn:aws:sagemaker:eu-west-1:111122223333:model-package/empbonuspackagegroup/{version}"


def package(**members: Any) -> dict[str, Any]:
    return {
        "ModelPackageName": "x",
        "ModelPackageArn": arn(7),
        "CreationTime": 0,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "InferenceSpecification": {"Containers": [{"Image": "i", "ModelDataUrl": "s3://data/models/7/model.tar.gz"}]},
        "AdditionalInferenceSpecifications": [
            {"Name": "compiled", "Containers": [{"Image": "i", "ModelDataUrl": "s3://data/models/7/compiled.tar.gz"}]},
            {"Name": "raw-records", "Containers": [{"ModelDataUrl": "s3://data/models/7/serving/model.tar.gz"}]},
        ],
        "CustomerMetadataProperties": {"FeatureModel": "s3://data/models/7/feature-model"},
        "ModelMetrics": {
            "ModelQuality": {
                "Statistics": {"ContentType": "application/json", "S3Uri": "s3://data/models/7/evaluation.json"}
            }
        },
        "DriftCheckBaselines": {
            "ModelDataQuality": {
                "Statistics": {"ContentType": "application/json", "S3Uri": "s3://data/models/7/data_quality.json"}
            }
        },
        **members,
    }


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> "SageMakerClient":
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    return boto3.client("sagemaker", region_name="eu-west-1", config=RETRIES)


@pytest.fixture
def service(client: "SageMakerClient", monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)
    with Stubber(client) as stubber:
        yield stubber


def ask() -> dict[str, str]:
    return handler({"ModelPackageGroupName": GROUP, "NoChampion": NONE}, None)


def test_newest_approved_version_is_the_champion(service: Stubber) -> None:
    service.add_response("list_model_packages", {"ModelPackageSummaryList": [summary(7), summary(3)]}, LIST)
    service.add_response("describe_model_package", package(), {"ModelPackageName": arn(7)})
    assert ask() == {
        "Name": arn(7),
        "ModelData": "s3://data/models/7/model.tar.gz",
        "FeatureModel": "s3://data/models/7/feature-model",
        "DataQuality": "s3://data/models/7/data_quality.json",
        "Evaluation": "s3://data/models/7/evaluation.json",
        "ServingModel": "s3://data/models/7/serving/model.tar.gz",
    }


def test_version_from_before_raw_records_were_served_is_still_the_champion(service: Stubber) -> None:
    service.add_response("list_model_packages", {"ModelPackageSummaryList": [summary(7)]}, LIST)
    older = {name: value for name, value in package().items() if name != "AdditionalInferenceSpecifications"}
    service.add_response("describe_model_package", older, {"ModelPackageName": arn(7)})
    champion = ask()
    assert champion["ServingModel"] == NONE
    assert champion["ModelData"] == "s3://data/models/7/model.tar.gz"


@pytest.mark.parametrize("metrics", [{}, {"ModelDataQuality": {}}])
def test_version_that_names_no_evaluation_is_still_the_champion(service: Stubber, metrics: Any) -> None:
    service.add_response("list_model_packages", {"ModelPackageSummaryList": [summary(7)]}, LIST)
    service.add_response("describe_model_package", package(ModelMetrics=metrics), {"ModelPackageName": arn(7)})
    champion = ask()
    assert champion["Evaluation"] == NONE
    assert champion["ModelData"] == "s3://data/models/7/model.tar.gz"


def test_empty_page_is_not_taken_for_the_end(service: Stubber) -> None:
    service.add_response("list_model_packages", {"ModelPackageSummaryList": [], "NextToken": "more"}, LIST)
    service.add_response(
        "list_model_packages", {"ModelPackageSummaryList": [summary(7)]}, {**LIST, "NextToken": "more"}
    )
    service.add_response("describe_model_package", package(), {"ModelPackageName": arn(7)})
    assert ask()["Name"] == arn(7)


def test_every_uri_leads_to_a_file_that_says_so_without_an_approved_version(service: Stubber) -> None:
    service.add_response("list_model_packages", {"ModelPackageSummaryList": []}, LIST)
    nothing = dict.fromkeys(("ModelData", "FeatureModel", "DataQuality", "Evaluation", "ServingModel"), NONE)
    assert ask() == {"Name": "none", **nothing}


@pytest.mark.parametrize(
    ("member", "value", "missing"),
    [
        ("CustomerMetadataProperties", {}, "CustomerMetadataProperties.FeatureModel"),
        ("DriftCheckBaselines", {}, "DriftCheckBaselines.ModelDataQuality.Statistics.S3Uri"),
        (
            "InferenceSpecification",
            {"Containers": [{"Image": "i"}]},
            "InferenceSpecification.Containers.0.ModelDataUrl",
        ),
    ],
)
def test_approved_version_of_another_making_is_refused_with_what_it_lacks(
    service: Stubber, member: str, value: Any, missing: str
) -> None:
    service.add_response("list_model_packages", {"ModelPackageSummaryList": [summary(7)]}, LIST)
    service.add_response("describe_model_package", package(**{member: value}), {"ModelPackageName": arn(7)})
    with pytest.raises(
        ChampionError, match=f"is approved and has no .*{missing}: reject it, or approve a version that"
    ):
        ask()


def test_throttling_is_tried_again_inside_the_function(
    client: "SageMakerClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [(400, b'{"__type": "ThrottlingException"}')] * 5 + [(200, b'{"ModelPackageSummaryList": []}')]
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)

    def answer(**_: object) -> AWSResponse:
        status, body = answers.pop(0)
        return AWSResponse("https://service", status, HTTPHeaders(), RawBytes(body))

    # What the handler returns is taken for the response; the stubs know only those that return nothing.
    client.meta.events.register("before-send.sagemaker", answer)  # type: ignore[arg-type]
    assert find_champion(client, GROUP, NONE)["Name"] == "none"
    assert len(waits) == 5


class RawBytes(io.BytesIO):
    """A response's body as urllib3 gives it."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()
