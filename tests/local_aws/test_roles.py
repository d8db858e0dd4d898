import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local_aws.iam import decisions, roles
from local_aws.iam.errors import AccessDeniedError
from tests.local_aws.iam_roles import ACCOUNT, allow, make_role

RULE = "arn:aws:events:eu-west-1:111122223333:rule/start"
ROLE = "arn:aws:iam::111122223333:role/Starter"
PIPELINE = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/training"
START = "sagemaker:StartPipelineExecution"


def make_starter(*statements: dict[str, Any], trusted_source: str = RULE) -> None:
    condition = {
        "ArnLike": {"aws:SourceArn": trusted_source},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
    make_role("Starter", "events.amazonaws.com", *statements, condition=condition)


def assume(service: str = "events.amazonaws.com", source: str = RULE) -> roles.Session:
    return roles.assume(ROLE, service=service, source=source, session="start")


def test_role_may_do_what_its_policies_say_and_no_more() -> None:
    make_starter(allow(START, PIPELINE))
    session = assume()
    session.require(START, PIPELINE)
    with pytest.raises(AccessDeniedError, match=r"assumed-role/Starter/start is not authorized to perform: .*another"):
        session.require(START, f"{PIPELINE}-another")
    make_starter()
    with pytest.raises(AccessDeniedError, match=START):
        session.require(START, PIPELINE)  # a right that is taken away is gone at once


def test_sessions_are_registered_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    make_starter()
    side_by_side = []
    both = threading.Barrier(2)

    def register(*_: object) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=0.2)
            side_by_side.append(True)

    monkeypatch.setattr("ministack.services.sts.register_session", register)
    with ThreadPoolExecutor() as threads:
        assert len({taken.credentials.access_key for taken in threads.map(lambda _: assume(), range(2))}) == 2
    assert not side_by_side


def test_condition_is_asked_of_the_context() -> None:
    make_starter(allow("iam:PassRole", "*", StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"}))
    session = assume()
    session.require("iam:PassRole", ROLE, {"iam:PassedToService": "sagemaker.amazonaws.com"})
    with pytest.raises(AccessDeniedError):
        session.require("iam:PassRole", ROLE, {"iam:PassedToService": "ec2.amazonaws.com"})


@pytest.mark.parametrize(
    ("trusted", "asked"),
    [
        (RULE, {"service": "sagemaker.amazonaws.com"}),
        (RULE, {"source": f"{RULE}-another"}),
        (f"{RULE}-another", {}),
    ],
)
def test_role_is_taken_only_by_whom_it_trusts(trusted: str, asked: dict[str, str]) -> None:
    make_starter(trusted_source=trusted)
    with pytest.raises(AccessDeniedError, match="sts:AssumeRole"):
        assume(**asked)


def test_role_that_is_not_there_cannot_be_taken() -> None:
    with pytest.raises(AccessDeniedError, match="role/Nobody"):
        roles.assume("arn:aws:iam::111122223333:role/Nobody", service="x", source=RULE, session="x")


def test_decisions_are_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ministack.core import iam_evaluator

    monkeypatch.setattr(iam_evaluator, "enforce", iam_evaluator.enforce)
    monkeypatch.setattr(decisions, "_file", None)
    decisions.record_to(tmp_path / "decisions.jsonl")
    make_starter(allow(START, PIPELINE))
    session = assume()
    session.require(START, PIPELINE, {"sagemaker:x": "y"})
    with pytest.raises(AccessDeniedError):
        session.require("s3:GetObject", "arn:aws:s3:::bucket/key")
    taken, allowed, denied = map(json.loads, (tmp_path / "decisions.jsonl").read_text().splitlines())
    assert (taken["Principal"], taken["Action"], taken["Allowed"]) == ("events.amazonaws.com", "sts:AssumeRole", True)
    assert allowed == {
        "Principal": "arn:aws:sts::111122223333:assumed-role/Starter/start",
        "Action": START,
        "Resource": PIPELINE,
        "Context": {"sagemaker:x": "y"},
        "Allowed": True,
    }
    assert (denied["Action"], denied["Allowed"]) == ("s3:GetObject", False)
