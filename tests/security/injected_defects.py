"""Single defects in what is deployed, below the check that catches them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from stacks.training.definition_body import join_lines
from tests.security.catchers import (
    aws_understands_every_statement,
    cfn_lint_is_silent,
    each_role_is_trusted_to_exactly_its_service,
    every_need_is_met,
    nothing_is_allowed_beside_the_needs,
    the_checker_accepts_the_definition,
)
from tests.stacks import checks, definition_body
from tests.stacks.synthesis import Synthesis

Resource = dict[str, Any]
Spoil = Callable[[Synthesis], None]


def of_kind(synthesis: Synthesis, kind: str, part: str = "") -> Resource:
    """Return the first resource of a kind whose path in the construct tree contains *part*."""
    return next(each for path, each in synthesis.resources(kind).items() if part in path)


def data_bucket(synthesis: Synthesis) -> Resource:
    properties: Resource = of_kind(synthesis, "AWS::S3::Bucket", "DataBucket")["Properties"]
    return properties


def statements(synthesis: Synthesis, role: str, policy: str) -> list[Resource]:
    policies = of_kind(synthesis, "AWS::IAM::Role", role)["Properties"]["Policies"]
    document = next(each["PolicyDocument"] for each in policies if each["PolicyName"] == policy)
    found: list[Resource] = document["Statement"]
    return found


def trust(synthesis: Synthesis, role: str) -> Resource:
    (found,) = of_kind(synthesis, "AWS::IAM::Role", role)["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    statement: Resource = found
    return statement


def with_action(statements_: list[Resource], action: str) -> Resource:
    return next(each for each in statements_ if f':{action}"' in json.dumps(each["Action"]))


def rule(synthesis: Synthesis, path: str) -> Resource:
    properties: Resource = of_kind(synthesis, "AWS::Events::Rule", path)["Properties"]
    return properties


def in_definition(old: str, new: str) -> Spoil:
    """Return a change of the definition's text."""

    def spoil(synthesis: Synthesis) -> None:
        container = synthesis.one("AWS::SageMaker::Pipeline")["Properties"]["PipelineDefinition"]
        definition, values = definition_body.read(container["PipelineDefinitionBody"])
        assert old in definition
        container["PipelineDefinitionBody"] = join_lines(definition.replace(old, new, 1), values)

    return spoil


def delete(container: Any, key: Any) -> None:
    del container[key]


def assign(container: Any, key: Any, value: Any) -> None:
    container[key] = value


def a_public_statement(synthesis: Synthesis) -> None:
    policy = of_kind(synthesis, "AWS::S3::BucketPolicy", "DataBucket")["Properties"]
    resource = {"Fn::Join": ["", [{"Fn::GetAtt": [policy["Bucket"]["Ref"], "Arn"]}, "/*"]]}
    allow = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Resource": resource}
    policy["PolicyDocument"]["Statement"].append(allow)


def expiring_models(synthesis: Synthesis) -> None:
    rules = data_bucket(synthesis)["LifecycleConfiguration"]["Rules"]
    rules.append({"Id": "X", "Prefix": "models/", "ExpirationInDays": 30, "Status": "Enabled"})


TABLE: Mapping[checks.Check, Mapping[str, Spoil]] = {
    checks.data_and_models_survive_stack_deletion_but_not_a_failed_creation: {
        "a bucket that goes with its stack": lambda s: assign(
            of_kind(s, "AWS::S3::Bucket", "DataBucket"), "DeletionPolicy", "Delete"
        ),
        "a group that goes when it is replaced": lambda s: delete(
            of_kind(s, "AWS::SageMaker::ModelPackageGroup"), "UpdateReplacePolicy"
        ),
        "a key that goes with its stack": lambda s: assign(of_kind(s, "AWS::KMS::Key"), "DeletionPolicy", "Delete"),
    },
    checks.every_bucket_is_private_encrypted_and_versioned: {
        "a bucket without a block on public access": lambda s: delete(data_bucket(s), "PublicAccessBlockConfiguration"),
        "a bucket that is not versioned": lambda s: delete(data_bucket(s), "VersioningConfiguration"),
        "a bucket with a fixed name": lambda s: assign(data_bucket(s), "BucketName", "bonus"),
    },
    checks.data_is_encrypted_with_a_rotated_customer_managed_key: {
        "a bucket with Amazon's key": lambda s: assign(
            data_bucket(s)["BucketEncryption"]["ServerSideEncryptionConfiguration"][0],
            "ServerSideEncryptionByDefault",
            {"SSEAlgorithm": "AES256"},
        ),
        "a key that is never rotated": lambda s: assign(
            of_kind(s, "AWS::KMS::Key")["Properties"], "EnableKeyRotation", False
        ),
        "a queue without a key": lambda s: delete(of_kind(s, "AWS::SQS::Queue")["Properties"], "KmsMasterKeyId"),
        "a log group without a key": lambda s: delete(of_kind(s, "AWS::Logs::LogGroup")["Properties"], "KmsKeyId"),
    },
    checks.data_accesses_are_logged_in_another_bucket: {
        "accesses that nobody logs": lambda s: delete(data_bucket(s), "LoggingConfiguration"),
    },
    checks.models_stay_and_what_expires_outlives_the_step_cache: {"models that expire": expiring_models},
    checks.schedule_starts_the_pipeline_with_the_time_as_data_version: {
        "a start that is lost when it fails": lambda s: delete(
            rule(s, "ScheduledStart")["Targets"][0], "DeadLetterConfig"
        ),
        "a start that finds yesterday's results": lambda s: assign(
            rule(s, "ScheduledStart")["Targets"][0]["SageMakerPipelineParameters"]["PipelineParameterList"][0],
            "Value",
            "today",
        ),
    },
    checks.new_objects_below_raw_would_start_the_pipeline_with_their_version: {
        "new data that is never noticed": lambda s: assign(
            rule(s, "NewDataStart")["EventPattern"], "detail-type", ["Object created"]
        ),
    },
    checks.bucket_sends_no_events_unless_asked: {
        "events that nobody asked for": lambda s: assign(data_bucket(s), "NotificationConfiguration", {}),
    },
    checks.stack_outputs_name_bucket_group_and_pipeline: {
        "an output that is gone": lambda s: delete(s.pipeline["Outputs"], "PipelineArn"),
    },
    # Of rights, one defect for each proof, and what is none of its mutations: a statement or a condition more.
    nothing_is_allowed_beside_the_needs: {
        "a bucket that anybody can read": a_public_statement,
        "PassRole of any role": lambda s: assign(
            with_action(statements(s, "PipelineRole", "Jobs"), "PassRole"), "Resource", "*"
        ),
    },
    every_need_is_met: {
        "no grant for volumes": lambda s: statements(s, "JobRole", "Key").remove(
            with_action(statements(s, "JobRole", "Key"), "CreateGrant")
        ),
        "a group that the pipeline asks for with a status only": lambda s: assign(
            with_action(statements(s, "PipelineRole", "Registry"), "CreateModelPackageGroup"),
            "Condition",
            {"StringEquals": {"sagemaker:ModelApprovalStatus": ["PendingManualApproval"]}},
        ),
    },
    aws_understands_every_statement: {
        "a typo in an action": lambda s: assign(
            with_action(statements(s, "JobRole", "Data"), "ListBucket"), "Action", "s3:ListBuckets"
        ),
    },
    each_role_is_trusted_to_exactly_its_service: {
        "a role for any service": lambda s: assign(trust(s, "JobRole"), "Principal", {"Service": "ec2.amazonaws.com"}),
    },
    cfn_lint_is_silent: {
        "a property that does not exist": lambda s: assign(
            s.one("AWS::SageMaker::Pipeline")["Properties"], "PipelineRole", "x"
        ),
        "a reference to nothing": lambda s: assign(
            s.one("AWS::SageMaker::Pipeline")["Properties"], "RoleArn", {"Ref": "Nothing"}
        ),
    },
    the_checker_accepts_the_definition: {
        "a job with a network": in_definition('"EnableNetworkIsolation": true', '"EnableNetworkIsolation": false'),
        "a volume without a key": in_definition(',\n            "VolumeKmsKeyId": "${KeyArn}"', ""),
        "an instance whose disk takes no key": in_definition('"ml.c5.4xlarge"', '"ml.c5d.4xlarge"'),
        "an output that the next execution overwrites": in_definition(
            '"Get": "Execution.PipelineExecutionId"', '"Get": "Execution.PipelineName"'
        ),
        "a reference to an output that nobody makes": in_definition("Outputs['readable-test']", "Outputs['readable']"),
        "a gate that compares with a text": in_definition(
            '"RightValue": {\n              "Get": "Parameters.MinimumR2"',
            '"RightValue": {\n              "Get": "Parameters.DataVersion"',
        ),
    },
}
