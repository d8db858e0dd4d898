"""The deployed stage: what it consists of, and why it may not be verified."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from operations.aws import Aws, stack_status
from operations.refusal import RefusedError
from settings import Stage

RUNNING = ("Executing", "Stopping")
"""Statuses of an execution that has not ended."""
WHOLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
"""Statuses of a stack that is deployed."""
GENERATED = re.compile(r"Role|ManagedPolicy|Queue|Topic|Rule|Function|Bucket|Key|Alarm|CompositeAlarm|LogGroup")
"""Last words of the types of resources whose names are CloudFormation's, or were."""


class VerificationRefusedError(RefusedError):
    """The stage may not, or cannot, be verified now: what was found, then the remedy."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What a verification deals with, by names and ARNs that are found by logical ids: a hash ends each of these."""

    stage: Stage
    bucket: str
    topic: str
    group: str
    schedule: str
    """Name of the rule."""
    new_data: str
    """Name of the rule."""
    fault_alarm: str
    roles: Mapping[str, str]
    """Name of a role -> what we call it."""
    secrets: Mapping[str, str]
    """What only this account has, its number and generated names -> what to write instead."""
    forbidden: Mapping[str, str]
    """What nobody else may read under any circumstances -> what it is."""

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of this account and region."""
        _, partition, _, region, account, _ = self.topic.split(":")
        return f"arn:{partition}:{service}:{region}:{account}:{resource}"


def find_deployment(stage: Stage, aws: Aws) -> Deployment:
    """Return what is deployed of *stage*; raise `VerificationRefusedError` when it may not be verified as it is."""
    if not stage.may_be_torn_down:
        raise VerificationRefusedError(
            f"stage {stage.name} may not be torn down: try things out on another, such as dev"
        )
    stacks = (stage.storage_stack, stage.pipeline_stack)
    for name in stacks:
        if stack_status(name, aws) not in WHOLE:
            raise VerificationRefusedError(f"stack {name} is not deployed: run make deploy STAGE={stage.name} first")
    answers = [aws.cloudformation.describe_stack_resources(StackName=name)["StackResources"] for name in stacks]
    resources = {
        f"{each['ResourceType'].rpartition('::')[2]} {each['LogicalResourceId']}": each["PhysicalResourceId"]
        for answer in answers
        for each in answer
    }
    deployment = _read(stage, resources)
    _refuse_what_would_disturb(deployment, aws)
    return deployment


def _read(stage: Stage, resources: Mapping[str, str]) -> Deployment:
    def find(pattern: str) -> str:
        found = (name for resource, name in resources.items() if re.fullmatch(f"{pattern}[0-9A-F]{{8}}", resource))
        if name := next(found, None):
            return name
        raise VerificationRefusedError(f"the stacks have no {pattern}: deploy this code first, or verify with that one")

    topic, bucket = find("Topic .*"), find("Bucket DataBucket")
    account = topic.split(":")[4]
    names = {name: resource for resource, name in resources.items() if GENERATED.fullmatch(resource.split()[0])}
    buckets = {name: "a bucket's name" for name, resource in names.items() if resource.startswith("Bucket ")}
    return Deployment(
        stage=stage,
        bucket=bucket,
        topic=topic,
        group=find("ModelPackageGroup .*"),
        schedule=find("Rule ScheduledStart"),
        new_data=find("Rule NewDataStart"),
        fault_alarm=find("CompositeAlarm .*Fault"),
        roles={find(f"Role {role}"): role for role in ("PipelineRole", "JobRole")},
        secrets={account: "<account>", **{name: f"<{resource.split()[1]}>" for name, resource in names.items()}},
        forbidden={account: "the account's number", **buckets},
    )


def _refuse_what_would_disturb(deployment: Deployment, aws: Aws) -> None:
    stage = deployment.stage
    approved = aws.sagemaker.list_model_packages(
        ModelPackageGroupName=stage.model_package_group_name, ModelApprovalStatus="Approved", MaxResults=1
    )["ModelPackageSummaryList"]
    if approved:
        version = approved[0]["ModelPackageArn"].rpartition("/")[2]
        raise VerificationRefusedError(
            f"model version {version} is approved, and ours would be judged by it: reject it"
        )
    if aws.client("events").describe_rule(Name=deployment.new_data)["State"] != "DISABLED":
        raise VerificationRefusedError(
            f"rule {deployment.new_data} is on, and would start on our data: aws events disable-rule --name"
            f" {deployment.new_data}"
        )
    newest = aws.sagemaker.list_pipeline_executions(PipelineName=stage.pipeline_name)["PipelineExecutionSummaries"]
    if running := [each["PipelineExecutionArn"] for each in newest if each["PipelineExecutionStatus"] in RUNNING]:
        raise VerificationRefusedError(
            f"execution {running[0].rpartition('/')[2]} runs: wait until it ends, or stop it"
        )
