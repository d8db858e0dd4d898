"""Every command, against every way in which AWS may not answer: one line, exit code 2, nothing on standard output."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, NoRegionError, ProfileNotFound

from operations.aws import Aws
from operations.cli.commands import COMMANDS
from tests.operations.command_line import run
from tests.operations.fake_account import Refusal, connect

ARGUMENTS = {
    "watch": ["abcdefghijkl"],
    "show": ["abcdefghijkl"],
    "logs": ["EmpBonusTraining", "abcdefghijkl"],
    "stop": ["abcdefghijkl"],
    "retry": ["abcdefghijkl"],
    "report": ["abcdefghijkl"],
    "rollback-model": ["--reason", "no good"],
    "approve": ["1", "--yes"],
    "reject": ["1", "--yes", "--reason", "no good"],
    "compare": ["1", "abcdefghijkl"],
    "promote": ["1", "--from-profile", "dev", "--to-profile", "prod", "--stage", "prod"],
}
"""What a command needs to say beside its name."""

FAILURES: dict[str, tuple[Any, str]] = {
    "no credentials": (NoCredentialsError(), "Unable to locate credentials: log in, or set AWS_PROFILE"),
    "no profile": (ProfileNotFound(profile="me"), "The config profile (me) could not be found: log in"),
    "no region": (NoRegionError(), "You must specify a region: log in"),
    "expired token": (Refusal("ExpiredTokenException", "expired"), "the credentials have expired: log in again"),
    "wrong credentials": (
        Refusal("UnrecognizedClientException", "invalid"),
        "the credentials are not accepted (UnrecognizedClientException): check AWS_PROFILE",
    ),
    "access denied": (
        Refusal("AccessDeniedException", "User: x is not authorized to perform: a:B on resource: arn:c because d"),
        "these credentials lack a:B on arn:c: docs/operations.md lists the rights of each command",
    ),
    "throttled": (Refusal("ThrottlingException", "Rate exceeded"), "is throttled (ThrottlingException): repeat it"),
    "unreachable": (
        EndpointConnectionError(endpoint_url="https://x"),
        'Could not connect to the endpoint URL: "https://x": check the network, the proxy and AWS_ENDPOINT_URL',
    ),
}
OWN_WORDS = {"preflight"}
"""Commands that explain an error as one of their findings, in words of their own: test_preflight.py."""
WITHOUT_AWS = {"diff", "graph", "rights"}


class Refusing:
    """An account that answers everything in one way."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def connect(self, region: str) -> Aws:
        return connect(self, region)

    def answer(self, _operation: str, _request: dict[str, Any], _region: str) -> Any:
        return self._answer


def fail(command: str, answer: Any, capsys: pytest.CaptureFixture[str], ask: Callable[[str], str] = str) -> str:
    """Return the one line that *command* says."""
    connect = Refusing(answer).connect
    arguments = ARGUMENTS.get(command, [])
    assert run(command, *arguments, ask=ask, connect=connect, connect_as=lambda _, region: connect(region)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("refused: ")
    return line


@pytest.mark.parametrize("command", sorted({*COMMANDS} - OWN_WORDS - WITHOUT_AWS - {"watch"}))
@pytest.mark.parametrize("failure", FAILURES)
def test_aws_that_does_not_answer_is_told_in_one_line(
    command: str, failure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer, told = FAILURES[failure]
    assert told in fail(command, answer, capsys)


MISSING = Refusal("ResourceNotFound", "Pipeline 'emp-bonus-training-pipeline-dev' does not exist.")
NO_STACK = Refusal("ValidationError", "Stack with id emp-bonus-dev-storage does not exist")


@pytest.mark.parametrize("command", ["start", "list", "watch", "show", "logs", "stop", "retry", "report"])
def test_pipeline_that_is_not_in_this_region_or_account_is_told_in_one_line(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fail(command, MISSING, capsys) == (
        "refused: pipeline emp-bonus-training-pipeline-dev does not exist in eu-west-1 of this account: make deploy, or"
        " check --stage and AWS_PROFILE"
    )


@pytest.mark.parametrize("command", ["deploy-model", "rollback-model", "verify-account"])
def test_stack_that_does_not_exist_is_told_in_one_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "make deploy STAGE=dev" in fail(command, NO_STACK, capsys)


ARN = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/emp-bonus-training-pipeline-dev/execution/abcdefghijkl"


@pytest.mark.parametrize("command", ["watch", "show", "logs", "stop", "retry", "report"])
def test_execution_that_does_not_exist_is_told_in_one_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    missing = Refusal("ResourceNotFound", f"Pipeline execution {ARN} does not exist.")
    step = ["EmpBonusTraining"] if command == "logs" else []
    assert run(command, *step, ARN, connect=Refusing(missing).connect) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("refused: ")
    assert "does not exist" in line


@pytest.mark.parametrize("failure", sorted(FAILURES.keys() - {"throttled"}))
def test_watch_ends_with_one_line_where_nothing_can_be_seen(failure: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer, told = FAILURES[failure]
    assert told in fail("watch", answer, capsys)
