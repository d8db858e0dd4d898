"""Single defects in what is deployed, each with the check that catches it."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from stacks.training.definition_body import join_lines
from tests.security.catchers import (
    ACCOUNT_ONLY,
    APPROVERS,
    ENCRYPTED,
    KEPT,
    LOGGED,
    NEW_DATA,
    OUTPUTS,
    PRIVATE,
    SCHEDULED,
    TLS,
    WILDCARDS,
    Catch,
    aws_understands_every_statement,
    cfn_lint_is_silent,
    each_role_is_trusted_to_exactly_its_service,
    every_need_is_met,
    nothing_is_allowed_beside_the_needs,
    survives,
    the_checker_accepts_the_definition,
)
from tests.stacks import definition_body
from tests.stacks.synthesis import Synthesis

Resource = dict[str, Any]
Spoil = Callable[[Synthesis], None]


class Row(NamedTuple):
    """A defect, and what catches it."""

    spoil: Spoil
    catch: Catch


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


def delete_action(statements_: list[Resource], action: str) -> None:
    """Take *action* from the first of *statements_* that has it."""
    actions = with_action(statements_, action)["Action"]
    actions.remove(f"sagemaker:{action}")


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


def anybody_in(kind: str) -> Spoil:
    def spoil(synthesis: Synthesis) -> None:
        document = of_kind(synthesis, kind)["Properties"]
        policy = document.get("PolicyDocument") or document["KeyPolicy"]
        allowed = next(each for each in policy["Statement"] if each["Effect"] == "Allow")
        allowed["Principal"] = {"AWS": "*"}
        allowed.pop("Condition", None)

    return spoil


TABLE: dict[str, Row] = {
    "a bucket without a block on public access": Row(
        lambda s: delete(data_bucket(s), "PublicAccessBlockConfiguration"), PRIVATE
    ),
    "a bucket that is not versioned": Row(lambda s: delete(data_bucket(s), "VersioningConfiguration"), PRIVATE),
    "a bucket with a name of ours": Row(lambda s: assign(data_bucket(s), "BucketName", "bonus"), PRIVATE),
    "a bucket with Amazon's key": Row(
        lambda s: assign(
            data_bucket(s)["BucketEncryption"]["ServerSideEncryptionConfiguration"][0],
            "ServerSideEncryptionByDefault",
            {"SSEAlgorithm": "AES256"},
        ),
        ENCRYPTED,
    ),
    "a key that is never rotated": Row(
        lambda s: assign(of_kind(s, "AWS::KMS::Key")["Properties"], "EnableKeyRotation", False), ENCRYPTED
    ),
    "a queue without a key": Row(
        lambda s: delete(of_kind(s, "AWS::SQS::Queue")["Properties"], "KmsMasterKeyId"), ENCRYPTED
    ),
    "a log group without a key": Row(
        lambda s: delete(of_kind(s, "AWS::Logs::LogGroup")["Properties"], "KmsKeyId"), ENCRYPTED
    ),
    "a bucket that takes plain connections": Row(
        lambda s: delete(
            of_kind(s, "AWS::S3::BucketPolicy", "DataBucket")["Properties"]["PolicyDocument"]["Statement"], 0
        ),
        TLS,
    ),
    "a bucket that anybody can read": Row(a_public_statement, nothing_is_allowed_beside_the_needs),
    "accesses that nobody logs": Row(lambda s: delete(data_bucket(s), "LoggingConfiguration"), LOGGED),
    "models that expire": Row(expiring_models, KEPT),
    "a bucket that goes with its stack": Row(
        lambda s: assign(of_kind(s, "AWS::S3::Bucket", "DataBucket"), "DeletionPolicy", "Delete"),
        survives("AWS::S3::Bucket"),
    ),
    "a group that goes when it is replaced": Row(
        lambda s: delete(of_kind(s, "AWS::SageMaker::ModelPackageGroup"), "UpdateReplacePolicy"),
        survives("AWS::SageMaker::ModelPackageGroup"),
    ),
    "a key that goes with its stack": Row(
        lambda s: assign(of_kind(s, "AWS::KMS::Key"), "DeletionPolicy", "Delete"), survives("AWS::KMS::Key")
    ),
    "PassRole of any role": Row(
        lambda s: assign(with_action(statements(s, "PipelineRole", "Jobs"), "PassRole"), "Resource", "*"),
        nothing_is_allowed_beside_the_needs,
    ),
    "PassRole to any service": Row(
        lambda s: delete(with_action(statements(s, "PipelineRole", "Jobs"), "PassRole"), "Condition"),
        nothing_is_allowed_beside_the_needs,
    ),
    "all of S3 for the jobs": Row(
        lambda s: assign(with_action(statements(s, "JobRole", "Data"), "PutObject"), "Action", "s3:*"), WILDCARDS
    ),
    "jobs of every pipeline of the account": Row(
        lambda s: assign(with_action(statements(s, "PipelineRole", "Jobs"), "CreateTrainingJob"), "Resource", "*"),
        WILDCARDS,
    ),
    "jobs that change raw data": Row(
        lambda s: assign(
            with_action(statements(s, "JobRole", "Data"), "PutObject"),
            "Resource",
            with_action(statements(s, "JobRole", "Data"), "GetObject")["Resource"],
        ),
        nothing_is_allowed_beside_the_needs,
    ),
    "a role for any service": Row(
        lambda s: assign(trust(s, "JobRole"), "Principal", {"Service": "ec2.amazonaws.com"}),
        each_role_is_trusted_to_exactly_its_service,
    ),
    "a role for anybody": Row(
        lambda s: assign(trust(s, "PipelineRole"), "Principal", {"AWS": "*"}), nothing_is_allowed_beside_the_needs
    ),
    "a role for every account's SageMaker": Row(
        lambda s: assign(trust(s, "JobRole"), "Condition", {"StringEquals": {}}), ACCOUNT_ONLY
    ),
    "a typo in an action": Row(
        lambda s: assign(with_action(statements(s, "JobRole", "Data"), "ListBucket"), "Action", "s3:ListBuckets"),
        aws_understands_every_statement,
    ),
    "a typo in a condition key": Row(
        lambda s: assign(
            with_action(statements(s, "PipelineRole", "Registry"), "CreateModelPackage"),
            "Condition",
            {"StringEquals": {"sagemaker:ModelApprovalState": ["PendingManualApproval"]}},
        ),
        aws_understands_every_statement,
    ),
    "no grant for volumes": Row(
        lambda s: statements(s, "JobRole", "Key").remove(with_action(statements(s, "JobRole", "Key"), "CreateGrant")),
        every_need_is_met,
    ),
    "figures that the pipeline cannot decrypt": Row(
        lambda s: statements(s, "PipelineRole", "Key").remove(
            with_action(statements(s, "PipelineRole", "Key"), "Decrypt")
        ),
        every_need_is_met,
    ),
    "a model that the pipeline cannot open": Row(
        lambda s: delete(with_action(statements(s, "PipelineRole", "Results"), "GetObject")["Resource"], 1),
        every_need_is_met,
    ),
    "a group that the pipeline cannot ask for": Row(
        lambda s: delete_action(statements(s, "PipelineRole", "Registry"), "CreateModelPackageGroup"),
        every_need_is_met,
    ),
    "a group that the pipeline asks for with a status only": Row(
        lambda s: assign(
            with_action(statements(s, "PipelineRole", "Registry"), "CreateModelPackageGroup"),
            "Condition",
            {"StringEquals": {"sagemaker:ModelApprovalStatus": ["PendingManualApproval"]}},
        ),
        every_need_is_met,
    ),
    "a version that the pipeline cannot look at": Row(
        lambda s: delete_action(statements(s, "PipelineRole", "Registry"), "DescribeModelPackage"),
        every_need_is_met,
    ),
    "a group that the pipeline cannot tag": Row(
        lambda s: delete_action(statements(s, "PipelineRole", "Registry"), "AddTags"),
        every_need_is_met,
    ),
    "one spelling of the package group": Row(
        lambda s: delete(
            with_action(statements(s, "FindChampion", "Registry"), "ListModelPackages")["Resource"], slice(2, None)
        ),
        every_need_is_met,
    ),
    "a pipeline that approves itself": Row(
        lambda s: delete(with_action(statements(s, "PipelineRole", "Registry"), "CreateModelPackage"), "Condition"),
        nothing_is_allowed_beside_the_needs,
    ),
    "a pipeline that updates packages": Row(
        lambda s: assign(
            with_action(statements(s, "PipelineRole", "Registry"), "CreateModelPackage"),
            "Action",
            ["sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage"],
        ),
        APPROVERS,
    ),
    "jobs that pull any image": Row(
        lambda s: with_action(statements(s, "JobRole", "Images"), "BatchGetImage")["Resource"].append(
            "arn:aws:ecr:eu-west-1:141502667606:repository/*"
        ),
        nothing_is_allowed_beside_the_needs,
    ),
    "a queue for anybody": Row(anybody_in("AWS::SQS::QueuePolicy"), nothing_is_allowed_beside_the_needs),
    "a topic for anybody": Row(anybody_in("AWS::SNS::TopicPolicy"), nothing_is_allowed_beside_the_needs),
    "a key for anybody": Row(anybody_in("AWS::KMS::Key"), nothing_is_allowed_beside_the_needs),
    "new data that is never noticed": Row(
        lambda s: assign(rule(s, "NewDataStart")["EventPattern"], "detail-type", ["Object created"]), NEW_DATA
    ),
    "a start that is lost when it fails": Row(
        lambda s: delete(rule(s, "ScheduledStart")["Targets"][0], "DeadLetterConfig"), SCHEDULED
    ),
    "a start that finds yesterday's results": Row(
        lambda s: assign(
            rule(s, "ScheduledStart")["Targets"][0]["SageMakerPipelineParameters"]["PipelineParameterList"][0],
            "Value",
            "today",
        ),
        SCHEDULED,
    ),
    "an output that is gone": Row(lambda s: delete(s.pipeline["Outputs"], "PipelineArn"), OUTPUTS),
    "a pipeline without a role": Row(
        lambda s: delete(s.one("AWS::SageMaker::Pipeline")["Properties"], "RoleArn"), cfn_lint_is_silent
    ),
    "a property that does not exist": Row(
        lambda s: assign(s.one("AWS::SageMaker::Pipeline")["Properties"], "PipelineRole", "x"), cfn_lint_is_silent
    ),
    "a schedule that is none": Row(
        lambda s: assign(rule(s, "ScheduledStart"), "ScheduleExpression", "cron(0 4 * * *)"), cfn_lint_is_silent
    ),
    "a reference to nothing": Row(
        lambda s: assign(s.one("AWS::SageMaker::Pipeline")["Properties"], "RoleArn", {"Ref": "Nothing"}),
        cfn_lint_is_silent,
    ),
    "a job with a network": Row(
        in_definition('"EnableNetworkIsolation": true', '"EnableNetworkIsolation": false'),
        the_checker_accepts_the_definition,
    ),
    "a volume without a key": Row(
        in_definition(',\n            "VolumeKmsKeyId": "${KeyArn}"', ""), the_checker_accepts_the_definition
    ),
    "an instance whose disk takes no key": Row(
        in_definition('"ml.c5.4xlarge"', '"ml.c5d.4xlarge"'), the_checker_accepts_the_definition
    ),
    "an output that the next execution overwrites": Row(
        in_definition('"Get": "Execution.PipelineExecutionId"', '"Get": "Execution.PipelineName"'),
        the_checker_accepts_the_definition,
    ),
    "a reference to an output that nobody makes": Row(
        in_definition("Outputs['readable-test']", "Outputs['readable']"), the_checker_accepts_the_definition
    ),
    "a gate that compares with a text": Row(
        in_definition(
            '"RightValue": {\n              "Get": "Parameters.MinimumR2"',
            '"RightValue": {\n              "Get": "Parameters.DataVersion"',
        ),
        the_checker_accepts_the_definition,
    ),
}
