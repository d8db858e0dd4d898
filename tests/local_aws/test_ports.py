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
from local_aws.sagemaker.ports import FunctionsOfRole, RegistryOfRole, RoleStores, take_role
from local_runner.errors import StepFailedError
from tests.local_aws.iam_roles import ACCOUNT, allow, make_role

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SAGEMAKER = "sagemaker.amazonaws.com"
PREFIX = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"
EXECUTION = f"{PREFIX}:pipeline/bonus/execution/1"
JOB_ROLE = f"arn:aws:iam::{ACCOUNT}:role/Jobs"
TAGS = [{"Key": "stage", "Value": "dev"}]


def session(*statements: dict[str, Any]) -> Session:
    return take_role(make_role("Pipeline", SAGEMAKER, *statements), EXECUTION)


def test_a_model_is_registered_with_the_status_that_the_role_may_give() -> None:
    call("CreateModelPackageGroup", {"ModelPackageGroupName": "bonus"})
    condition = {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}
    registering = allow("sagemaker:CreateModelPackage", f"{PREFIX}:model-package/bonus/*", StringEquals=condition)
    registry = RegistryOfRole(session(registering))
    request = {"ModelPackageGroupName": "bonus", "ModelApprovalStatus": "PendingManualApproval"}
    package = registry.create(request, NOW)
    assert (package["ModelPackageVersion"], package["ModelPackageArn"]) == (1, f"{PREFIX}:model-package/bonus/1")
    with pytest.raises(StepFailedError, match="not authorized to perform: sagemaker:CreateModelPackage"):
        registry.create(request | {"ModelApprovalStatus": "Approved"}, NOW)
    with pytest.raises(StepFailedError, match="not authorized to perform: sagemaker:AddTags"):
        registry.create(request | {"Tags": TAGS}, NOW)


def test_a_group_that_is_not_there_fails_the_registration() -> None:
    registry = RegistryOfRole(session(allow("sagemaker:CreateModelPackage", "*")))
    with pytest.raises(StepFailedError, match="ModelPackageGroup 'bonus' does not exist"):
        registry.create({"ModelPackageGroupName": "bonus"}, NOW)


def test_a_job_whose_role_does_not_trust_the_service_has_no_store() -> None:
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
    return FunctionsOfRole(session())


def test_a_function_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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
def test_a_function_that_does_not_answer_fails_the_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: Any, message: str
) -> None:
    with pytest.raises(StepFailedError, match=message):
        functions(monkeypatch, answer).invoke("arn:f", {}, tmp_path)
