import json
from typing import Any

import pytest

from local_aws.sagemaker.api import call
from local_aws.sagemaker.authorization import resource
from local_aws.sagemaker.errors import ApiError

ROLE = "arn:aws:iam::111122223333:role/Pipeline"
TOKEN = "x" * 32
PREFIX = "arn:aws:sagemaker:eu-west-1:111122223333"


def definition(message: str = "no") -> str:
    step = {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": message}}
    return json.dumps({"Version": "2020-12-01", "Parameters": [], "Steps": [step]})


def create_pipeline(name: str = "training", **more: Any) -> dict[str, Any]:
    request = {"PipelineName": name, "ClientRequestToken": TOKEN, "RoleArn": ROLE, "PipelineDefinition": definition()}
    return call("CreatePipeline", request | more)


def create_version(group: str = "models", **more: Any) -> str:
    return str(call("CreateModelPackage", {"ModelPackageGroupName": group, **more})["ModelPackageArn"])


def test_pipeline_is_described_as_it_was_created_and_updated() -> None:
    assert create_pipeline() == {"PipelineArn": f"{PREFIX}:pipeline/training"}
    call("UpdatePipeline", {"PipelineName": "training", "PipelineDefinition": definition("other")})
    described = call("DescribePipeline", {"PipelineName": f"{PREFIX}:pipeline/training"})
    assert described["PipelineDefinition"] == definition("other")
    assert (described["RoleArn"], described["PipelineStatus"]) == (ROLE, "Active")
    (listed,) = call("ListPipelines", {"PipelineNamePrefix": "tr"})["PipelineSummaries"]
    assert listed["PipelineName"] == "training"


def test_deleted_pipeline_is_gone() -> None:
    create_pipeline()
    call("DeletePipeline", {"PipelineName": "training", "ClientRequestToken": TOKEN})
    with pytest.raises(ApiError, match="'training' does not exist") as refused:
        call("DescribePipeline", {"PipelineName": "training"})
    assert refused.value.code == "ResourceNotFound"


def test_definition_with_a_problem_is_refused() -> None:
    body = json.loads(definition())
    body["Steps"][0]["DependsOn"] = ["Nowhere"]
    with pytest.raises(ApiError, match="Nowhere"):
        create_pipeline(PipelineDefinition=json.dumps(body))
    with pytest.raises(ApiError, match="Invalid pipeline definition"):
        create_pipeline(PipelineDefinition="{")


def test_name_is_given_once() -> None:
    create_pipeline()
    with pytest.raises(ApiError, match="must be unique"):
        create_pipeline()


@pytest.mark.parametrize(
    ("operation", "request_", "told"),
    [
        ("CreateTrainingJob", {}, "CreateTrainingJob is not emulated"),
        ("DescribePipeline", {}, "PipelineName"),
        ("DescribePipeline", {"PipelineName": "a", "Colour": "red"}, "Colour is unknown to DescribePipeline"),
        ("DescribePipeline", {"PipelineName": 1}, "PipelineName"),
        ("ListPipelines", {"CreatedAfter": 0}, "CreatedAfter is not emulated"),
    ],
)
def test_unknown_resources_are_refused_by_name(operation: str, request_: dict[str, Any], told: str) -> None:
    with pytest.raises(ApiError, match=told):
        call(operation, request_)


def test_versions_are_numbered_and_wait_for_approval() -> None:
    call("CreateModelPackageGroup", {"ModelPackageGroupName": "models"})
    first, second = create_version(), create_version()
    assert (first, second) == (f"{PREFIX}:model-package/models/1", f"{PREFIX}:model-package/models/2")
    call("UpdateModelPackage", {"ModelPackageArn": first, "ModelApprovalStatus": "Approved"})
    assert call("DescribeModelPackage", {"ModelPackageName": second})["ModelApprovalStatus"] == "PendingManualApproval"
    approved = {"ModelPackageGroupName": "models", "ModelApprovalStatus": "Approved"}
    (listed,) = call("ListModelPackages", approved)["ModelPackageSummaryList"]
    assert listed["ModelPackageVersion"] == 1


def test_version_keeps_its_model_card() -> None:
    call("CreateModelPackageGroup", {"ModelPackageGroupName": "models"})
    card = {"ModelCardContent": '{"model_overview": {}}', "ModelCardStatus": "PendingReview"}
    version = create_version(ModelCard=card)
    assert call("DescribeModelPackage", {"ModelPackageName": version})["ModelCard"] == card


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "ModelCardContent: it is no JSON object"),
        ('{"a": NaN}', "ModelCardContent: it is no JSON object, NaN is no number"),
        (json.dumps({"a": "x" * 100_000}), "ModelCardContent: 100,009 characters: give at most 100,000"),
    ],
)
def test_model_card_that_no_registry_could_show_is_refused(content: str, told: str) -> None:
    call("CreateModelPackageGroup", {"ModelPackageGroupName": "models"})
    card = {"ModelCardContent": content}
    with pytest.raises(ApiError, match=told):
        create_version(ModelCard=card)
    version = create_version()
    with pytest.raises(ApiError, match=told):
        call("UpdateModelPackage", {"ModelPackageArn": version, "ModelCard": card})


def test_listing_is_paged_by_maximum_results_and_token() -> None:
    call("CreateModelPackageGroup", {"ModelPackageGroupName": "models"})
    for _ in range(3):
        create_version()
    request = {"ModelPackageGroupName": "models", "SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 2}
    page = call("ListModelPackages", request)
    assert [each["ModelPackageVersion"] for each in page["ModelPackageSummaryList"]] == [3, 2]
    rest = call("ListModelPackages", request | {"NextToken": page["NextToken"]})
    assert [each["ModelPackageVersion"] for each in rest["ModelPackageSummaryList"]] == [1]
    assert "NextToken" not in rest


def test_group_with_versions_is_not_deleted() -> None:
    call("CreateModelPackageGroup", {"ModelPackageGroupName": "models"})
    version = create_version()
    with pytest.raises(ApiError, match="is not empty"):
        call("DeleteModelPackageGroup", {"ModelPackageGroupName": "models"})
    call("DeleteModelPackage", {"ModelPackageName": version})
    call("DeleteModelPackageGroup", {"ModelPackageGroupName": "models"})
    assert call("ListModelPackageGroups", {})["ModelPackageGroupSummaryList"] == []


def test_tags_are_replaced_by_key_and_deleted() -> None:
    arn = create_pipeline(Tags=[{"Key": "stage", "Value": "dev"}])["PipelineArn"]
    call("AddTags", {"ResourceArn": arn, "Tags": [{"Key": "stage", "Value": "prod"}, {"Key": "a", "Value": "b"}]})
    call("DeleteTags", {"ResourceArn": arn, "TagKeys": ["a"]})
    assert call("ListTags", {"ResourceArn": arn})["Tags"] == [{"Key": "stage", "Value": "prod"}]


@pytest.mark.parametrize(
    ("operation", "request_", "arn"),
    [
        ("StartPipelineExecution", {"PipelineName": "a"}, f"{PREFIX}:pipeline/a"),
        ("DescribePipeline", {"PipelineName": f"{PREFIX}:pipeline/a"}, f"{PREFIX}:pipeline/a"),
        ("DescribePipelineExecution", {"PipelineExecutionArn": "arn:x"}, "arn:x"),
        ("CreateModelPackage", {"ModelPackageGroupName": "g"}, f"{PREFIX}:model-package/g/*"),
        ("CreateModelPackageGroup", {"ModelPackageGroupName": "g"}, f"{PREFIX}:model-package-group/g"),
        ("ListModelPackages", {"ModelPackageGroupName": "g"}, f"{PREFIX}:model-package/g/*"),
        ("UpdateModelPackage", {"ModelPackageArn": "arn:y"}, "arn:y"),
        ("DescribeModelPackage", {"ModelPackageName": f"{PREFIX}:model-package/g/1"}, f"{PREFIX}:model-package/g/1"),
        ("ListPipelineExecutions", {"PipelineName": "a"}, f"{PREFIX}:pipeline/a"),
        ("ListPipelineExecutionSteps", {"PipelineExecutionArn": "arn:x"}, "arn:x"),
        ("ListTags", {"ResourceArn": "arn:z"}, "arn:z"),
        ("ListPipelines", {}, "*"),
    ],
)
def test_iam_is_asked_about_the_resource(operation: str, request_: Any, arn: str) -> None:
    assert resource(operation, request_, PREFIX) == arn
