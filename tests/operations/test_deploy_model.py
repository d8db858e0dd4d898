"""The commands wake the machine and say how it ended; a roll-back rejects what is served first, with its reason."""

import json
from typing import Any

import pytest

from tests.operations.command_line import run
from tests.operations.fake_account import FakeAccount, Refusal, paged

MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:emp-bonus-dev-deployment"
EXECUTION = MACHINE.replace("stateMachine", "execution") + ":1"
ARN = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/empbonuspackagegroup-dev"


def account(served: int = 3, approved: tuple[int, ...] = (3, 1), **answers: Any) -> FakeAccount:
    """Return an account where one version is in service, and these are approved."""
    endpoint = {
        "EndpointName": "emp-bonus-dev",
        "EndpointArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/emp-bonus-dev",
        "EndpointStatus": "InService",
        "CreationTime": 0,
        "LastModifiedTime": 0,
    }
    stack = {"StackName": "x", "CreationTime": 0, "StackStatus": "CREATE_COMPLETE"}
    output = {"OutputKey": "MachineArn", "OutputValue": MACHINE}
    return FakeAccount(
        {
            "DescribeStacks": {"Stacks": [{**stack, "Outputs": [output]}]},
            "ListEndpoints": {"Endpoints": [endpoint]},
            "DescribeEndpoint": {**endpoint, "EndpointConfigName": f"emp-bonus-dev-v{served}-0a1b2c3d"},
            "ListModelPackages": paged({"ModelPackageSummaryList": [package(each)]} for each in (approved or ()))
            if approved
            else {"ModelPackageSummaryList": []},
            "UpdateModelPackage": {"ModelPackageArn": ARN},
            "StartExecution": {"executionArn": EXECUTION, "startDate": 0},
            "DescribeExecution": execution("SUCCEEDED"),
            **answers,
        }
    )


def package(version: int) -> dict[str, Any]:
    return {
        "ModelPackageArn": f"{ARN}/{version}",
        "ModelPackageVersion": version,
        "ModelPackageStatus": "Completed",
        "CreationTime": 0,
    }


def execution(status: str, **more: str) -> dict[str, Any]:
    return {"executionArn": EXECUTION, "stateMachineArn": MACHINE, "status": status, "startDate": 0, **more}


def deploy(given: FakeAccount) -> int:
    return run("deploy-model", connect=given.connect)


def roll_back(given: FakeAccount, reason: str) -> int:
    return run("rollback-model", "--reason", reason, connect=given.connect)


def test_machine_is_woken_to_try_again_what_failed_and_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    ends = iter([execution("RUNNING"), execution("SUCCEEDED")])
    woken = account(DescribeExecution=lambda _: next(ends))
    assert deploy(woken) == 0
    (started,) = woken.called["StartExecution"]
    assert (started["stateMachineArn"], json.loads(started["input"])) == (MACHINE, {"retry": True})
    assert capsys.readouterr() == ("endpoint emp-bonus-dev serves version 3\n", f"started {EXECUTION}\n")
    assert "UpdateModelPackage" not in woken.called


def test_failure_is_told_with_its_runbook(capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy(account(DescribeExecution=execution("FAILED", error="RolledBack", cause="v3 was rolled back"))) == 1
    assert capsys.readouterr().err == (
        f"started {EXECUTION}\nfailed: RolledBack: v3 was rolled back\nWhat to do: docs/runbooks/failed-deployment.md\n"
    )


def test_roll_back_rejects_the_version_in_service_and_newer_ones_with_the_reason() -> None:
    rolled = account(served=3, approved=(4, 3, 1))
    assert roll_back(rolled, "bonuses twice as high") == 0
    assert [
        (each["ModelPackageArn"], each["ModelApprovalStatus"], each["ApprovalDescription"])
        for each in rolled.called["UpdateModelPackage"]
    ] == [(f"{ARN}/{version}", "Rejected", "bonuses twice as high") for version in (3, 4)]
    assert "StartExecution" in rolled.called


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            account(approved=(3,)),
            "no version before 3 is approved: approve one that shall serve, or delete the endpoint",
        ),
        (
            account(ListEndpoints={"Endpoints": []}),
            "there is no endpoint emp-bonus-dev: approve a model, or make deploy-model",
        ),
        (
            account(DescribeStacks=Refusal("ValidationError", "Stack with id x does not exist")),
            "stack emp-bonus-dev-deployment does not exist: set deployment=Deployment() for dev in settings/stages.py,"
            " and make deploy STAGE=dev",
        ),
    ],
)
def test_roll_back_that_nothing_would_be_left_of_is_refused(
    given: FakeAccount, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert roll_back(given, "no good") == 2
    assert capsys.readouterr().err == f"refused: {line}\n"
    assert "UpdateModelPackage" not in given.called


def test_nothing_approved_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy(account(approved=())) == 0
    assert "no model is approved: nothing was deployed" in capsys.readouterr().out


def test_empty_reason_is_refused_before_anything_is_asked() -> None:
    given = account()
    assert roll_back(given, "") == 2
    assert not given.called
