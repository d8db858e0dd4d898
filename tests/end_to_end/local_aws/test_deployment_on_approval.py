"""A person approves, and the endpoint answers: the stack, its rule, its machine and the very artefact of the model."""

import dataclasses
import json
import time
from collections.abc import Iterator

import pytest

from local_aws.demo.inbox import subscribe
from operations.aws import Aws
from processing.serving_files import ARCHIVE, SMOKE_TEST
from settings import find_stage
from tests.end_to_end.commands import copy_project, replace
from tests.end_to_end.local_aws.aws import LocalAws, running, succeeded
from tests.end_to_end.local_aws.messages import receive
from tests.inference.conftest import trained  # noqa: F401  a fixture
from tests.operations import command_line
from tests.processing.jobs import Jobs

DEADLINE_S = 60.0


@pytest.fixture(scope="module")
def deploying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server with the stacks of dev, which asks for an endpoint."""
    with running(tmp_path_factory.mktemp("deploying"), find_stage("dev")) as server:
        project = copy_project(server.folder / "project")
        asked = "deployment: Deployment | None = Deployment()"
        replace(project / "settings/options.py", "deployment: Deployment | None = None", asked)
        assembly = server.synthesize("assembly", project=project)
        succeeded(server.cdk("bootstrap", "--app", assembly))
        succeeded(server.deploy(assembly, *server.stacks, server.stage.deployment_stack))
        yield server


@pytest.fixture(scope="module")
def versions(deploying: LocalAws, trained: Jobs) -> list[str]:  # noqa: F811  the fixture
    """The ARNs of two versions that wait for approval, of the same model."""
    bucket = deploying.outputs(deploying.stage.storage_stack)["DataBucketName"]
    return [register(deploying, trained, bucket, f"execution{number}") for number in (1, 2)]


def register(aws: LocalAws, jobs: Jobs, bucket: str, execution: str) -> str:
    """Register what the jobs have packed, as the pipeline does; return the version's ARN."""
    for name in (ARCHIVE, SMOKE_TEST):
        body = (jobs.root / "serving" / name).read_bytes()
        aws.client("s3").put_object(Bucket=bucket, Key=f"models/{execution}/serving/{name}", Body=body)
    data = f"s3://{bucket}/models/{execution}/serving/{ARCHIVE}"
    specification = {"Name": "raw-records", "Containers": [{"Image": "sklearn", "ModelDataUrl": data}]}
    created = aws.client("sagemaker").create_model_package(
        ModelPackageGroupName=aws.stage.model_package_group_name, AdditionalInferenceSpecifications=[specification]
    )
    return str(created["ModelPackageArn"])


def decide(aws: LocalAws, arn: str, status: str) -> None:
    aws.client("sagemaker").update_model_package(ModelPackageArn=arn, ModelApprovalStatus=status)


def wait_for(aws: LocalAws, version: int) -> None:
    """Wait until *version* is in service and no execution runs any longer; each has to have succeeded."""
    sagemaker, deadline = aws.client("sagemaker"), time.monotonic() + DEADLINE_S
    while True:
        found = sagemaker.list_endpoints(NameContains=aws.stage.endpoint_name)["Endpoints"]
        described = sagemaker.describe_endpoint(EndpointName=aws.stage.endpoint_name) if found else {}
        serves = f"-v{version}-" in described.get("EndpointConfigName", "")
        if serves and described["EndpointStatus"] == "InService" and not executions(aws, "RUNNING"):
            break
        assert time.monotonic() < deadline, (described, causes(aws))
        time.sleep(0.2)
    assert causes(aws) == []


def executions(aws: LocalAws, status: str) -> list[str]:
    machine = aws.outputs(aws.stage.deployment_stack)["MachineArn"]
    found = aws.client("stepfunctions").list_executions(stateMachineArn=machine, statusFilter=status)["executions"]
    return [each["executionArn"] for each in found]


def causes(aws: LocalAws) -> list[str]:
    """Return why executions failed."""
    client = aws.client("stepfunctions")
    return [client.describe_execution(executionArn=each)["cause"] for each in executions(aws, "FAILED")]


def test_approved_version_serves_after_its_event_and_the_next_one_at_the_same_endpoint(
    deploying: LocalAws, versions: list[str]
) -> None:
    for number, arn in enumerate(versions, start=1):
        decide(deploying, arn, "Approved")
        wait_for(deploying, number)
    assert executions(deploying, "SUCCEEDED")


def test_roll_back_puts_the_version_before_back_and_keeps_the_reason(
    deploying: LocalAws, versions: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    reason = "twice as high as last year"
    clock = dataclasses.replace(command_line.CLOCK, sleep=lambda _: time.sleep(0.1))
    assert (
        command_line.run("rollback-model", "--reason", reason, connect=lambda _: Aws(deploying.client), clock=clock)
        == 0
    )
    assert capsys.readouterr().out.endswith("endpoint emp-bonus-dev serves version 1\n")
    described = deploying.client("sagemaker").describe_model_package(ModelPackageName=versions[1])
    assert (described["ModelApprovalStatus"], described["ApprovalDescription"]) == ("Rejected", reason)
    wait_for(deploying, 1)


def test_failure_is_told_with_its_reason(deploying: LocalAws, versions: list[str]) -> None:
    resources = deploying.client("cloudformation").list_stack_resources(StackName=deploying.stage.deployment_stack)
    (topic,) = (
        each["PhysicalResourceId"]
        for each in resources["StackResourceSummaries"]
        if each["ResourceType"] == "AWS::SNS::Topic"
    )
    inbox = subscribe(deploying.client, topic)
    decide(deploying, versions[0], "Rejected")
    text = json.dumps(receive(deploying, inbox, deadline_s=DEADLINE_S))
    assert "[dev] DEPLOYMENT FAILED: NoneApproved" in text
    assert "no version is approved any longer, and one stays in service" in text
