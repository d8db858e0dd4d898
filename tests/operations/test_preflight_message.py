"""A test message has to arrive, and nothing is left of the queue to which it is sent."""

from typing import Any

import pytest

from operations.preflight.checks import SENDING, examine
from operations.preflight.findings import Finding, Verdict
from operations.preflight.message import TRIES
from settings import find_stage
from tests.operations.fake_account import TOPIC, FakeAccount, Refusal, bootstrapped, deployed


def send(account: FakeAccount, **answers: Any) -> Finding:
    account.answers |= answers
    (found,) = examine(find_stage("dev"), account.connect, SENDING)["test message"]
    return found


def test_message_that_comes_through_is_well_and_says_what_it_does_not_show() -> None:
    account = deployed()
    assert send(account) == Finding(
        Verdict.OK, "message m-1 came through topic and key; that EventBridge and CloudWatch may send is not shown"
    )
    (published,) = account.called["Publish"]
    assert published["TopicArn"] == TOPIC
    assert published["Message"].startswith("[dev] TEST: ")


def test_queue_lets_only_the_topic_in_and_belongs_to_the_stage() -> None:
    account = deployed()
    send(account)
    (queue,) = account.called["CreateQueue"]
    assert queue["QueueName"].startswith("emp-bonus-dev-pipeline-preflight-")
    assert f'"aws:SourceArn": "{TOPIC}"' in queue["Attributes"]["Policy"]
    (subscription,) = account.called["Subscribe"]
    assert subscription["Endpoint"] == f"arn:aws:sqs:eu-west-1:111122223333:{queue['QueueName']}"


def test_message_that_does_not_arrive_is_a_fault() -> None:
    account = deployed()
    found = send(account, ReceiveMessage={"Messages": [{"Body": '{"MessageId": "m-0"}'}]})
    assert (found.verdict, found.what) == (Verdict.FAILS, "message m-1 did not come through in 60 s")
    assert len(account.called["ReceiveMessage"]) == TRIES


@pytest.mark.parametrize(
    ("answers", "verdict", "told"),
    [
        (
            {"Publish": Refusal("KMSDisabled", "off")},
            Verdict.FAILS,
            "the topic's key cannot be used (KMSDisabled: off)",
        ),
        ({"Publish": Refusal("KMSAccessDenied")}, Verdict.CANNOT_ASK, "needs kms:Decrypt and kms:GenerateDataKey on"),
        ({"Publish": Refusal("AuthorizationError")}, Verdict.CANNOT_ASK, "needs sns:Publish"),
        ({"ReceiveMessage": Refusal("AccessDenied")}, Verdict.CANNOT_ASK, "needs sqs:ReceiveMessage"),
    ],
)
def test_queue_and_subscription_are_deleted_when_the_message_cannot_be_sent(
    answers: dict[str, Any], verdict: Verdict, told: str
) -> None:
    account = deployed()
    found = send(account, **answers)
    assert found.verdict is verdict
    assert found.what.startswith(told)
    assert account.called["Unsubscribe"] == [{"SubscriptionArn": f"{TOPIC}:2", "Region": "eu-west-1"}]
    assert account.called["DeleteQueue"] == [{"QueueUrl": "https://queue", "Region": "eu-west-1"}]


def test_queue_goes_again_when_it_cannot_be_subscribed() -> None:
    account = deployed()
    assert send(account, Subscribe=Refusal("AuthorizationError")).what == "needs sns:Subscribe"
    assert "DeleteQueue" in account.called


def test_nothing_is_sent_before_a_deployment() -> None:
    account = bootstrapped()
    assert send(account).verdict is Verdict.LATER
    assert "CreateQueue" not in account.called
