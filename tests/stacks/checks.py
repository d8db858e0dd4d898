"""What holds for the templates of every stage, but for rights, which tests/security proves; each raises where not."""

from collections.abc import Callable
from typing import Any

from settings import Stage
from tests.stacks.synthesis import Synthesis

Check = Callable[[Synthesis, Stage], None]


def data_bucket(synthesis: Synthesis) -> dict[str, Any]:
    """Return the properties of the bucket that holds the data."""
    path = next(path for path in synthesis.resources("AWS::S3::Bucket") if "/DataBucket/" in path)
    properties: dict[str, Any] = synthesis.resources("AWS::S3::Bucket")[path]["Properties"]
    return properties


def rule(synthesis: Synthesis, stage: Stage, name: str) -> dict[str, Any]:
    """Return the properties of the rule called *name* that starts the pipeline."""
    rules = synthesis.resources("AWS::Events::Rule")
    properties: dict[str, Any] = rules[f"{stage.pipeline_stack}/{name}/Resource"]["Properties"]
    return properties


def data_and_models_survive_stack_deletion_but_not_a_failed_creation(synthesis: Synthesis, _stage: Stage) -> None:
    for kind in ("AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SageMaker::ModelPackageGroup"):
        for path, resource in synthesis.resources(kind).items():
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate", path
            assert resource["UpdateReplacePolicy"] == "Retain", path


def every_bucket_is_private_encrypted_and_versioned(synthesis: Synthesis, _stage: Stage) -> None:
    for bucket in synthesis.resources("AWS::S3::Bucket").values():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        assert properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        assert "BucketName" not in properties, "a fixed name would block the next deployment"


def data_is_encrypted_with_a_rotated_customer_managed_key(synthesis: Synthesis, _stage: Stage) -> None:
    (encryption,) = data_bucket(synthesis)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert encryption["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert encryption["BucketKeyEnabled"] is True
    assert synthesis.one("AWS::KMS::Key")["Properties"]["EnableKeyRotation"] is True
    for kind, member in (("AWS::SQS::Queue", "KmsMasterKeyId"), ("AWS::Logs::LogGroup", "KmsKeyId")):
        for resource in synthesis.resources(kind).values():
            assert resource["Properties"][member], kind


def data_accesses_are_logged_in_another_bucket(synthesis: Synthesis, _stage: Stage) -> None:
    logging = data_bucket(synthesis)["LoggingConfiguration"]
    assert logging["DestinationBucketName"]["Ref"].startswith("AccessLogs")


def models_stay_and_what_expires_outlives_the_step_cache(synthesis: Synthesis, stage: Stage) -> None:
    rules = data_bucket(synthesis)["LifecycleConfiguration"]["Rules"]
    expiring = {rule.get("Prefix"): rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    # Whether answers are captured or not: those from when they were must not stay for good.
    assert list(expiring) == ["executions/", "predictions/", "capture/", "monitoring/"]
    assert expiring["predictions/"] == stage.retention.predictions_days
    assert expiring["executions/"] > stage.retention.step_cache_days


def schedule_starts_the_pipeline_with_the_time_as_data_version(synthesis: Synthesis, stage: Stage) -> None:
    found = rule(synthesis, stage, "ScheduledStart")
    assert found["ScheduleExpression"] == stage.schedule.expression
    assert found["State"] == ("ENABLED" if stage.schedule.enabled else "DISABLED")
    (target,) = found["Targets"]
    assert target["SageMakerPipelineParameters"] == {
        "PipelineParameterList": [{"Name": "DataVersion", "Value": "$.time"}]
    }
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3_600, "MaximumRetryAttempts": 3}
    assert target["DeadLetterConfig"]


def new_objects_below_raw_would_start_the_pipeline_with_their_version(synthesis: Synthesis, stage: Stage) -> None:
    found = rule(synthesis, stage, "NewDataStart")
    assert found["State"] == "DISABLED"
    assert found["EventPattern"]["source"] == ["aws.s3"]
    assert found["EventPattern"]["detail-type"] == ["Object Created"]
    assert found["EventPattern"]["detail"]["object"] == {
        "key": [{"wildcard": f"raw/*{ending}"} for ending in (".csv", ".CSV", ".csv.gz", ".CSV.gz")]
    }
    (target,) = found["Targets"]
    (parameter,) = target["SageMakerPipelineParameters"]["PipelineParameterList"]
    assert parameter == {"Name": "DataVersion", "Value": "$.detail.object.version-id"}


def bucket_sends_no_events_unless_asked(synthesis: Synthesis, _stage: Stage) -> None:
    assert "NotificationConfiguration" not in data_bucket(synthesis)


def stack_outputs_name_bucket_group_and_pipeline(synthesis: Synthesis, _stage: Stage) -> None:
    assert {"DataBucketName", "ModelPackageGroupArn"} <= set(synthesis.storage["Outputs"])
    assert {"PipelineName", "PipelineArn"} <= set(synthesis.pipeline["Outputs"])


CHECKS: tuple[Check, ...] = (
    data_and_models_survive_stack_deletion_but_not_a_failed_creation,
    every_bucket_is_private_encrypted_and_versioned,
    data_is_encrypted_with_a_rotated_customer_managed_key,
    data_accesses_are_logged_in_another_bucket,
    models_stay_and_what_expires_outlives_the_step_cache,
    schedule_starts_the_pipeline_with_the_time_as_data_version,
    new_objects_below_raw_would_start_the_pipeline_with_their_version,
    bucket_sends_no_events_unless_asked,
    stack_outputs_name_bucket_group_and_pipeline,
)
