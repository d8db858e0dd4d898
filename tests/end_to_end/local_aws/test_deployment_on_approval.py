"""A person approves, and the endpoint answers: the stack, its rule, its machine and the very artefact of the model."""

import dataclasses
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.demo.inbox import subscribe
from local_aws.server_control import ACCOUNT
from operations.aws import Aws
from processing.serving_files import ARCHIVE, SMOKE_TEST
from tests.end_to_end.local_aws.aws import LocalAws, succeeded
from tests.end_to_end.local_aws.executions import data_bucket
from tests.end_to_end.local_aws.messages import deployed_one, notification, receive
from tests.end_to_end.local_aws.users import user
from tests.inference.conftest import trained  # noqa: F401  a fixture
from tests.operations import command_line
from tests.processing.jobs import Jobs

DEADLINE_S = 60.0


@pytest.fixture(scope="module")
def deploying(deployed: LocalAws, assembly: Path) -> Iterator[LocalAws]:
    """The server with the deployment stack, too, while this module needs it; the endpoint ends with it."""
    stack, name = deployed.stage.deployment_stack, deployed.stage.endpoint_name
    succeeded(deployed.deploy(assembly, stack))
    yield deployed
    wait_until(lambda: not executions(deployed, "RUNNING"))
    sagemaker = deployed.client("sagemaker")
    sagemaker.delete_endpoint(EndpointName=name)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 1})
    succeeded(deployed.destroy(assembly, stack))


@pytest.fixture(scope="module")
def registered(deploying: LocalAws, trained: Jobs) -> Iterator[tuple[str, str]]:  # noqa: F811  the fixture
    """The ARNs of two versions of the same model, which no other module finds approved."""
    bucket = data_bucket(deploying)
    older, newer = (register(deploying, trained, bucket, f"execution{number}") for number in (1, 2))
    yield older, newer
    for arn in (newer, older):
        decide(deploying, arn, "Rejected")


@pytest.fixture
def versions(deploying: LocalAws, registered: tuple[str, str]) -> tuple[str, str]:
    """Both of them, approved one after the other as if by a person, so that the newer one is in service."""
    for arn in registered:
        described = deploying.client("sagemaker").describe_model_package(ModelPackageName=arn)
        if described["ModelApprovalStatus"] != "Approved":
            with none_failing(deploying):
                decide(deploying, arn, "Approved")
                wait_for(deploying, arn)
    return registered


@pytest.fixture
def client(deploying: LocalAws) -> Iterator[Any]:
    """A client of SageMaker's runtime, of somebody who may ask the endpoint for bonuses, and nothing else."""
    arn = f"arn:aws:sagemaker:{deploying.stage.region}:{ACCOUNT}:endpoint/{deploying.stage.endpoint_name}"
    with user(deploying, {"Effect": "Allow", "Action": "sagemaker:InvokeEndpoint", "Resource": arn}) as credentials:
        yield deploying.client("sagemaker-runtime", credentials)


@pytest.fixture
def inbox(deploying: LocalAws) -> Iterator[str]:
    """The URL of a queue that gets what the stack's topic sends."""
    topic = deployed_one(deploying, "AWS::SNS::Topic", stack=deploying.stage.deployment_stack)
    url = subscribe(deploying.client, topic)
    yield url
    deploying.client("sqs").delete_queue(QueueUrl=url)


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


def wait_for(aws: LocalAws, arn: str) -> None:
    """Wait until the version *arn* is in service and no execution runs any longer."""
    name = aws.stage.endpoint_name

    def serves() -> bool:
        if not (found := aws.client("sagemaker").list_endpoints(NameContains=name)["Endpoints"]):
            return False
        described = aws.client("sagemaker").describe_endpoint(EndpointName=name)
        serving = f"-v{number(arn)}-" in described["EndpointConfigName"]
        return serving and found[0]["EndpointStatus"] == "InService" and not executions(aws, "RUNNING")

    wait_until(serves)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.2)


@contextmanager
def none_failing(aws: LocalAws) -> Iterator[None]:
    """Fail with the causes if executions fail meanwhile."""
    before = executions(aws, "FAILED")
    try:
        yield
    finally:
        failed = [each for each in executions(aws, "FAILED") if each not in before]
        client = aws.client("stepfunctions")
        assert [client.describe_execution(executionArn=each)["cause"] for each in failed] == []


def number(arn: str) -> int:
    """Return which version of its group *arn* is."""
    return int(arn.rpartition("/")[2])


def executions(aws: LocalAws, status: str) -> list[str]:
    machine = aws.outputs(aws.stage.deployment_stack)["MachineArn"]
    found = aws.client("stepfunctions").list_executions(stateMachineArn=machine, statusFilter=status)["executions"]
    return [each["executionArn"] for each in found]


def captured_answers(aws: LocalAws) -> list[Any]:
    """Return what the endpoint has answered so far, as monitoring finds it."""
    s3, bucket = aws.client("s3"), data_bucket(aws)
    prefix = f"capture/{aws.stage.endpoint_name}/AllTraffic/"
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [each["Key"] for page in pages for each in page["Contents"]]
    events = [json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys]
    outputs = [event["captureData"]["endpointOutput"] for event in events]
    assert {output["encoding"] for output in outputs} == {"JSON"}
    return [json.loads(output["data"]) for output in outputs]


def test_newest_approved_version_answers_clients_after_its_event(
    deploying: LocalAws,
    versions: tuple[str, str],
    client: Any,
    trained: Jobs,  # noqa: F811  the fixture
) -> None:
    wait_for(deploying, versions[1])
    assert executions(deploying, "SUCCEEDED")
    known = json.loads((trained.root / "serving" / SMOKE_TEST).read_text(encoding="utf-8"))
    asked = {"ContentType": known["content_type"], "Body": known["body"]}
    answer = client.invoke_endpoint(
        EndpointName=deploying.stage.endpoint_name, CustomAttributes="contributions=true", **asked
    )
    document = json.loads(answer["Body"].read())
    (bonus,) = document["predictions"]
    assert document["model_version"] == str(number(versions[1]))
    assert bonus["prediction"] == pytest.approx(known["prediction"], rel=1e-9)
    assert document["baseline"] + sum(bonus["contributions"].values()) == pytest.approx(bonus["prediction"])
    assert bonus["figures"].keys() == {"age", "salary", "department", "hire_date", "address_length"}
    assert document in captured_answers(deploying), "kept by the endpoint's role, with figures"
    with pytest.raises(ClientError, match="AccessDenied"):
        client.invoke_endpoint(EndpointName="another", **asked)
    with pytest.raises(ClientError, match=r"ModelError.*500.*hire_date"):
        client.invoke_endpoint(EndpointName=deploying.stage.endpoint_name, Body='{"salary": 1, "hired": 2}')


def test_approval_leaves_nothing_to_deploy(deploying: LocalAws, versions: tuple[str, str], assembly: Path) -> None:
    wait_for(deploying, versions[1])
    stacks = (*deploying.stacks, deploying.stage.deployment_stack)
    succeeded(deploying.cdk("diff", *stacks, "--app", assembly, "--fail"))
    endpoints = deploying.client("sagemaker").list_endpoints()["Endpoints"]
    assert [each["EndpointName"] for each in endpoints] == [deploying.stage.endpoint_name]


def test_roll_back_puts_the_version_before_back_and_keeps_the_reason(
    deploying: LocalAws, versions: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    older, newer = versions
    reason = "twice as high as last year"
    clock = dataclasses.replace(command_line.CLOCK, sleep=lambda _: time.sleep(0.1))
    with none_failing(deploying):
        rolled_back = command_line.run(
            "rollback-model", "--reason", reason, connect=lambda _: Aws(deploying.client), clock=clock
        )
        assert rolled_back == 0
        wait_for(deploying, older)
    assert capsys.readouterr().out.endswith(f"endpoint emp-bonus-dev serves version {number(older)}\n")
    described = deploying.client("sagemaker").describe_model_package(ModelPackageName=newer)
    assert (described["ModelApprovalStatus"], described["ApprovalDescription"]) == ("Rejected", reason)


def test_failure_is_told_with_its_reason(deploying: LocalAws, versions: tuple[str, str], inbox: str) -> None:
    for arn in versions:
        decide(deploying, arn, "Rejected")
    text = notification(receive(deploying, inbox, deadline_s=DEADLINE_S))
    assert "[dev] DEPLOYMENT FAILED: NoneApproved" in text
    assert "no version is approved any longer, and one stays in service" in text
