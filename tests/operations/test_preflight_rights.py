"""The policy that is documented is what the checks call, no more and no less, and they only read."""

import json

import pytest

from artefacts.iam.policies import read_statements
from operations.preflight.checks import READING, SENDING, examine
from operations.preflight.rights import READ, SEND, build_policy
from settings import find_stage
from tests.operations.command_line import run
from tests.operations.fake_account import FakeAccount, Refusal, bootstrapped, deployed, encrypted, list_quotas
from tests.security.vocabulary import faults

DEV = find_stage("dev")


def demanding() -> FakeAccount:
    """Return an account in which the checks have to ask everything that they ask of a deployment."""
    account = deployed()
    account.answers |= {
        "GetBucketEncryption": encrypted("theirs"),
        "DescribeKey": Refusal("AccessDeniedException"),
        "ListServiceQuotas": list_quotas({}),
        "ListAWSDefaultServiceQuotas": list_quotas({}),
    }
    return account


def test_every_call_has_its_right_and_every_right_its_call() -> None:
    before, after = bootstrapped(), demanding()
    for account in (before, after):
        examine(DEV, account.connect, READING)
    assert before.called.keys() | after.called.keys() == READ.keys()


def test_every_call_of_a_test_message_has_its_right() -> None:
    account = deployed()
    examine(DEV, account.connect, SENDING)
    assert account.called.keys() - READ.keys() == SEND.keys()


def test_checks_only_read() -> None:
    assert {name for name in READ if not name.startswith(("Get", "List", "Describe"))} == set()


def test_aws_understands_every_statement_of_the_policy() -> None:
    statements = read_statements(build_policy(DEV, send_test=True), "preflight")
    assert [fault for statement in statements for fault in faults(statement)] == []


def test_policy_is_printed_and_ends_at_the_stage(capsys: pytest.CaptureFixture[str]) -> None:
    account = FakeAccount({})
    assert run("preflight", "--policy", connect=account.connect) == 0
    policy = json.loads(capsys.readouterr().out)
    assert policy == build_policy(DEV, send_test=False)
    assert account.called == {}
    actions = [action for statement in policy["Statement"] for action in statement["Action"]]
    assert sorted(actions) == sorted(right.action for right in READ.values())
    named = {each for statement in policy["Statement"] for each in statement["Resource"]} - {"*"}
    assert {each for each in named if "dev" not in each} == {
        "arn:aws:ssm:eu-west-1:*:parameter/cdk-bootstrap/hnb659fds/version",
        "arn:aws:s3:::cdk-hnb659fds-assets-*-eu-west-1",
    }


def test_test_message_takes_more_rights_and_the_key_through_sns_only() -> None:
    *_, through = build_policy(DEV, send_test=True)["Statement"]
    assert through == {
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": ["*"],
        "Condition": {"StringEquals": {"kms:ViaService": "sns.eu-west-1.amazonaws.com"}},
    }
