"""Every port asks IAM with the role that AWS would ask with."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.iam.roles import Session
from local_aws.sagemaker.api import call
from local_aws.sagemaker.role_adapters import FunctionsOfRole, PipelineRole, RegistryOfRole, RoleStores
from local_runner.errors import StepFailedError
from tests.local_aws.iam_roles import ACCOUNT, allow, make_role

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SAGEMAKER = "sagemaker.amazonaws.com"
PREFIX = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"
EXECUTION = f"{PREFIX}:pipeline/bonus/execution/1"
JOB_ROLE = f"arn:aws:iam::{ACCOUNT}:role/Jobs"
GROUP, PACKAGES = f"{PREFIX}:model-package-group/bonus", f"{PREFIX}:model-package/bonus/*"
WAITING = {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}
NEEDED = {
    f"{action} {resource}": allow(f"sagemaker:{action}", resource, **condition)
    for action, resource, condition in (
        ("CreateModelPackageGroup", GROUP, {}),
        ("AddTags", GROUP, {}),
        ("CreateModelPackage", PACKAGES, {"StringEquals": WAITING}),
        ("AddTags", PACKAGES, {}),
        ("DescribeModelPackage", PACKAGES, {}),
    )
}
MODEL = "s3://data/models/1/output/model.tar.gz"
REQUEST = {
    "ModelPackageGroupName": "bonus",
    "ModelApprovalStatus": "PendingManualApproval",
    "InferenceSpecification": {"Containers": [{"Image": "linear-learner:1", "ModelDataUrl": MODEL}]},
}


def role(*statements: dict[str, Any]) -> PipelineRole:
    return PipelineRole(make_role("Pipeline", SAGEMAKER, *statements), EXECUTION)


class FakeS3:
    """Has one object, which may be read or not."""

    def __init__(self, *, readable: bool = True) -> None:
        self._readable = readable
        self.opened: list[str] = []

    def head_object(self, *, Bucket: str, Key: str) -> None:  # noqa: N803  boto3's names
        self.opened.append(f"s3://{Bucket}/{Key}")
        if not self._readable:
            code = {"Error": {"Code": "403"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
            raise ClientError(code, "HeadObject")  # type: ignore[arg-type]  # what is left out nobody reads


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> FakeS3:
    fake = FakeS3()
    monkeypatch.setattr(Session, "client", lambda *_: fake)
    return fake


def test_registration_opens_the_artefact_and_has_the_status_that_the_role_may_give(s3: FakeS3) -> None:
    call("CreateModelPackageGroup", {"ModelPackageGroupName": "bonus"})
    registry = RegistryOfRole(role(*NEEDED.values()))
    package = registry.create("Register", REQUEST, NOW)
    assert (package["ModelPackageVersion"], package["ModelPackageArn"]) == (1, f"{PREFIX}:model-package/bonus/1")
    assert s3.opened == [MODEL]
    with pytest.raises(StepFailedError, match="not authorized to perform: sagemaker:CreateModelPackage on"):
        registry.create("Register", REQUEST | {"ModelApprovalStatus": "Approved"}, NOW)


@pytest.mark.parametrize("lacking", NEEDED)
@pytest.mark.usefixtures("s3")
def test_registration_that_lacks_one_right_fails_and_names_it(lacking: str) -> None:
    call("CreateModelPackageGroup", {"ModelPackageGroupName": "bonus"})
    registry = RegistryOfRole(role(*(statement for name, statement in NEEDED.items() if name != lacking)))
    action, _, resource = lacking.partition(" ")
    with pytest.raises(StepFailedError) as failed:
        registry.create("RegisterModel-of-the-bonus", REQUEST, NOW)
    user = f"arn:aws:sts::{ACCOUNT}:assumed-role/Pipeline/sagemaker-pipeline-1-RegisterModel-of-the"
    denied = f"User: {user} is not authorized to perform: sagemaker:{action} on resource: {resource.rstrip('*')}"
    assert denied in str(failed.value)


def test_artefact_that_the_role_may_not_read_fails_the_registration(s3: FakeS3) -> None:
    s3._readable = False
    with pytest.raises(StepFailedError) as failed:
        RegistryOfRole(role(*NEEDED.values())).create("Register", REQUEST, NOW)
    assert str(failed.value) == (
        "ClientError: Failed to invoke sagemaker:CreateModelPackage. Error Details: Access denied for bucket: data,"
        " object key: models/1/output/model.tar.gz"
    )
    assert call("ListModelPackages", {"ModelPackageGroupName": "bonus"})["ModelPackageSummaryList"] == []


@pytest.mark.usefixtures("s3")
def test_group_that_is_not_there_is_made_by_the_registration() -> None:
    RegistryOfRole(role(*NEEDED.values())).create("Register", REQUEST, NOW)
    (group,) = call("ListModelPackageGroups", {})["ModelPackageGroupSummaryList"]
    assert group["ModelPackageGroupName"] == "bonus"


def test_job_whose_role_does_not_trust_the_service_has_no_store() -> None:
    make_role("Jobs", "ec2.amazonaws.com")
    with pytest.raises(StepFailedError, match=r"ClientError: User: sagemaker.amazonaws.com is not authorized .*Jobs"):
        RoleStores(EXECUTION)(JOB_ROLE)


class FakeLambda:
    """Answers with what it is given."""

    def __init__(self, answer: dict[str, Any] | ClientError) -> None:
        self._answer = answer

    def invoke(self, **_: Any) -> dict[str, Any]:
        if isinstance(self._answer, ClientError):
            raise self._answer
        return self._answer


DENIED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}, "Invoke")


def payload(document: dict[str, Any]) -> io.BytesIO:
    return io.BytesIO(json.dumps(document).encode())


def functions(monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any] | ClientError) -> FunctionsOfRole:
    monkeypatch.setattr(Session, "client", lambda *_: FakeLambda(answer))
    return FunctionsOfRole(role())


def test_function_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = functions(monkeypatch, {"Payload": payload({"Name": "none"})})
    assert found.invoke("arn:f", {}, tmp_path) == {"Name": "none"}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (DENIED, r"Failed to invoke lambda:InvokeFunction. Error Details: .*not authorized"),
        (
            {"FunctionError": "Unhandled", "Payload": payload({"errorType": "KeyError", "errorMessage": "'Group'"})},
            "ClientError: KeyError: 'Group'",
        ),
    ],
)
def test_function_that_does_not_answer_fails_the_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: Any, message: str
) -> None:
    with pytest.raises(StepFailedError, match=message):
        functions(monkeypatch, answer).invoke("arn:f", {}, tmp_path)
