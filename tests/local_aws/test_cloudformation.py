import json
import re
from typing import Any

import pytest
from ministack.services import cloudwatch, s3
from ministack.services.cloudformation import changesets, provisioners

from local_aws.cloudformation import bucket, composite_alarm, metric_math_alarm, refusals, sagemaker_types
from local_aws.cloudformation.sagemaker_types import HandlerError, SageMakerType
from local_aws.cloudformation.schema import PropertyError
from local_aws.sagemaker.api import call
from tests import golden_files
from tests.local_aws.test_sagemaker import PREFIX, ROLE, definition

PIPELINE = SageMakerType("Pipeline")
GROUP = SageMakerType("ModelPackageGroup")
GROUP_PROPERTIES = {"ModelPackageGroupName": "models", "ModelPackageGroupDescription": "of bonuses"}


def pipeline_properties(message: str = "no", **more: Any) -> dict[str, Any]:
    body = {"PipelineDefinitionBody": definition(message)}
    return {"PipelineName": "training", "RoleArn": ROLE, "PipelineDefinition": body, **more}


@pytest.fixture(autouse=True)
def _installed() -> None:
    for each in (sagemaker_types, composite_alarm, metric_math_alarm, bucket, refusals):
        each.install()


def test_pipeline_is_created_updated_and_deleted_through_the_api() -> None:
    old, new = pipeline_properties(Tags=[{"Key": "a", "Value": "b"}]), pipeline_properties("other")
    assert PIPELINE.create("Logical", old, "stack") == ("training", {})
    assert PIPELINE.update("training", old, new, "stack", "Logical")[0] == "training"
    assert call("DescribePipeline", {"PipelineName": "training"})["PipelineDefinition"] == definition("other")
    assert call("ListTags", {"ResourceArn": f"{PREFIX}:pipeline/training"})["Tags"] == []
    PIPELINE.delete("training", new)
    PIPELINE.delete("training", new)  # what is gone is what was wanted


def test_group_is_adopted_by_its_arn() -> None:
    arn, attributes = GROUP.create("Logical", GROUP_PROPERTIES, "stack")
    keys, problem = changesets._IMPORT_LOOKUPS["AWS::SageMaker::ModelPackageGroup"]
    assert keys == ("ModelPackageGroupArn",)
    assert problem(arn) is None
    assert GROUP.adopt({"ModelPackageGroupArn": arn}) == (arn, attributes)
    assert "does not exist" in problem(f"{arn}-of-another")


def test_ref_of_a_group_is_its_arn() -> None:
    identifier, attributes = GROUP.create("Logical", GROUP_PROPERTIES, "stack")
    assert identifier == attributes["ModelPackageGroupArn"] == f"{PREFIX}:model-package-group/models"


def test_stack_cannot_delete_a_group_with_versions() -> None:
    identifier, _ = GROUP.create("Logical", GROUP_PROPERTIES, "stack")
    call("CreateModelPackage", {"ModelPackageGroupName": "models"})
    with pytest.raises(HandlerError, match="is not empty"):
        GROUP.delete(identifier, GROUP_PROPERTIES)


@pytest.mark.parametrize(
    "properties",
    [
        {"ModelPackageGroupName": "not a name"},
        {"ModelPackageGroupDescription": "no name"},
        {"ModelPackageGroupName": "models", "Colour": "red"},
        {"ModelPackageGroupName": "models", "ModelPackageGroupArn": "read-only"},
    ],
)
def test_properties_that_the_schema_does_not_allow_are_refused(properties: dict[str, Any]) -> None:
    with pytest.raises(PropertyError, match="Properties validation failed"):
        GROUP.create("Logical", properties, "stack")


def test_definition_elsewhere_is_refused() -> None:
    there = {"PipelineDefinitionS3Location": {"Bucket": "b", "Key": "k"}}
    with pytest.raises(HandlerError, match="use PipelineDefinitionBody"):
        PIPELINE.create("Logical", pipeline_properties(PipelineDefinition=there), "stack")


def test_policy_of_a_group_is_refused_not_dropped() -> None:
    with pytest.raises(HandlerError, match=r"ModelPackageGroupPolicy of .* is not emulated"):
        GROUP.create("Logical", GROUP_PROPERTIES | {"ModelPackageGroupPolicy": {"Statement": []}}, "stack")


def test_custom_named_resource_is_not_replaced() -> None:
    identifier, _ = GROUP.create("Logical", GROUP_PROPERTIES, "stack")
    changed = GROUP_PROPERTIES | {"ModelPackageGroupDescription": "other"}
    with pytest.raises(ValueError, match="custom-named resource requires replacing"):
        provisioners._update_resource(
            "AWS::SageMaker::ModelPackageGroup", identifier, GROUP_PROPERTIES, changed, "stack", "Logical"
        )


def test_composite_alarm_needs_its_alarms_and_goes_with_its_name() -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::CompositeAlarm"]
    with pytest.raises(composite_alarm.AlarmError, match="do not exist"):
        handlers["create"]("Logical", {"AlarmName": "both", "AlarmRule": "ALARM(nothing)"}, "stack")
    metric = {"MetricName": "m", "Namespace": "n", "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1}
    provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]["create"]("One", {"AlarmName": "one", **metric}, "stack")
    tags = [{"Key": "aws:cloudformation:stack-name", "Value": "stack"}]
    rule = {"AlarmName": "both", "AlarmRule": "ALARM(one)", "Tags": tags}
    name, attributes = handlers["create"]("Logical", rule, "stack")
    assert attributes["Arn"].endswith(":alarm:both")
    handlers["update"](name, rule, rule | {"AlarmDescription": "two"}, "stack", "Logical")
    assert cloudwatch._composite_alarms[name]["AlarmDescription"] == "two"
    handlers["delete"](name, rule)
    assert name not in cloudwatch._composite_alarms


def test_alarm_on_a_math_expression_is_kept_as_it_is_and_goes_with_its_name() -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]
    stat = {"Metric": {"Namespace": "n", "MetricName": "m"}, "Period": 3600, "Stat": "Sum"}
    expression = {"Id": "e", "Expression": "FILL(m, 0)"}
    metrics = [expression, {"Id": "m", "MetricStat": stat, "ReturnData": False}]
    less = {"ComparisonOperator": "LessThanThreshold", "Threshold": 1, "EvaluationPeriods": 24}
    properties = {"AlarmName": "math", "Metrics": metrics, "TreatMissingData": "breaching", **less}
    name, attributes = handlers["create"]("Logical", properties, "stack")
    assert attributes["Arn"].endswith(":alarm:math")
    (described,) = describe_alarms(name)
    assert properties.items() <= described.items()
    assert not {"MetricName", "Namespace", "Period", "Statistic"} & described.keys()
    handlers["update"](name, properties, properties | {"EvaluationPeriods": 48}, "stack", "Logical")
    assert describe_alarms(name)[0]["EvaluationPeriods"] == 48
    handlers["delete"](name, properties)
    assert describe_alarms(name) == []


@pytest.mark.parametrize("metrics", [[{"Expression": "1"}], [{"Id": "e", "Colour": "red"}]])
def test_alarm_on_a_math_expression_that_the_schema_does_not_allow_is_refused(metrics: list[Any]) -> None:
    create = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]["create"]
    less = {"ComparisonOperator": "LessThanThreshold", "Threshold": 1, "EvaluationPeriods": 24}
    with pytest.raises(PropertyError, match="Properties validation failed"):
        create("Logical", {"Metrics": metrics, **less}, "stack")


def lifecycle(**rule: Any) -> dict[str, Any]:
    return {"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", **rule}]}}


SUBSCRIPTION = {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:notifications", "Protocol": "email"}


@pytest.mark.parametrize(
    ("kind", "sound", "faulty", "word"),
    [
        (
            "Logs::LogGroup",
            {"RetentionInDays": 90},
            {"RetentionInDays": 91},
            "#/RetentionInDays: 91 is not a valid enum",
        ),
        (
            "S3::Bucket",
            lifecycle(ExpirationInDays=1),
            lifecycle(ExpirationInDays=0),
            "'Days' for Expiration action must",
        ),
        (
            "S3::Bucket",
            lifecycle(NoncurrentVersionExpiration={"NoncurrentDays": 1}),
            lifecycle(NoncurrentVersionExpiration={"NoncurrentDays": 0}),
            "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
        ),
        (
            "SNS::Subscription",
            {"Endpoint": "a@example.com"},
            {"Endpoint": "example.com"},
            "Invalid parameter: Email addr",
        ),
        (
            "SNS::Subscription",
            {"Endpoint": "a@b.com"},
            {"Endpoint": "a@b.com;c@b.com"},
            "Invalid parameter: Email addr",
        ),
        (
            "SQS::Queue",
            {"MessageRetentionPeriod": 60},
            {"MessageRetentionPeriods": 60},
            "#/MessageRetentionPeriods: Additional properties are not",
        ),
        ("Events::Rule", {"State": "ENABLED"}, {"State": "ON"}, "#/State: ON is not a valid enum value"),
    ],
)
def test_properties_that_aws_refuses_are_refused_in_its_words(
    kind: str, sound: dict[str, Any], faulty: dict[str, Any], word: str
) -> None:
    handlers = provisioners._RESOURCE_HANDLERS[f"AWS::{kind}"]
    more = SUBSCRIPTION if kind == "SNS::Subscription" else {}
    name, _ = handlers["create"]("Logical", {**more, **sound}, f"stack-{len(word)}")
    with pytest.raises(ValueError, match=re.escape(word)):
        handlers["create"]("Other", {**more, **faulty}, "stack")
    with pytest.raises(ValueError, match=re.escape(word)):
        handlers["update"](name, {**more, **sound}, {**more, **faulty}, "stack", "Logical")


@pytest.mark.parametrize("template", ["storage", "pipeline"])
def test_properties_of_every_resource_of_a_template_are_checked(template: str) -> None:
    resources = json.loads(golden_files.read(f"prod/{template}.template.json"))["Resources"].values()
    ours = {"AWS::SageMaker::Pipeline", "AWS::SageMaker::ModelPackageGroup", "AWS::CloudWatch::CompositeAlarm"}
    assert {each["Type"] for each in resources} <= {*ours, *refusals.TYPES}


def describe_alarms(name: str) -> list[dict[str, Any]]:
    _, _, body = cloudwatch._describe_alarms({}, {"AlarmNames": [name]}, is_cbor=False, is_json=True)
    alarms: list[dict[str, Any]] = json.loads(body)["MetricAlarms"]
    return alarms


def test_stack_cannot_delete_a_bucket_with_objects() -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    name, _ = handlers["create"]("Logical", {"BucketName": "data"}, "stack")
    s3._buckets[name]["objects"]["raw/a.csv"] = {}
    with pytest.raises(bucket.BucketNotEmptyError, match="is not empty"):
        handlers["delete"](name, {})
    s3._buckets[name]["objects"].clear()
    handlers["delete"](name, {})
    assert name not in s3._buckets
