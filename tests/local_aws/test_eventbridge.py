import contextvars
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region, set_request_account_id, set_request_region
from ministack.services import eventbridge, s3, sns, sqs

from local_aws.clients import ROOT, Credentials
from local_aws.eventbridge import dead_letters, delivery, object_versions, retry_policy, targets
from local_aws.eventbridge.retry_policy import RetryPolicy
from local_aws.iam import roles
from tests import golden_files
from tests.local_aws.test_roles import PIPELINE, ROLE, RULE, START, make_starter

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:dead"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:notes"
MAY_START = {"Effect": "Allow", "Action": START, "Resource": PIPELINE}
VERSION = {"Name": "DataVersion", "Value": "$.detail.object.version-id"}
START_TARGET = {
    "Arn": PIPELINE,
    "RoleArn": ROLE,
    "DeadLetterConfig": {"Arn": QUEUE},
    "SageMakerPipelineParameters": {"PipelineParameterList": [VERSION]},
}
TRANSFORMER = {
    "InputTransformer": {
        "InputPathsMap": {"key": "$.detail.object.key", "reason": "$.detail.reason"},
        "InputTemplate": '"Data: <key>"\n"Reason: <reason>"',
    }
}


class Services:
    """What the server does with requests: it asks IAM, then answers as it is told, and last with success."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.letters: list[dict[str, Any]] = []
        self.answers: list[Callable[[], None]] = []

    def client(self, service: str, region: str, credentials: Credentials) -> "Services":
        assert (service, region) in {(each, "eu-west-1") for each in ("sagemaker", "sqs")}
        self.key = credentials.access_key
        return self

    def start_pipeline_execution(self, **request: Any) -> None:
        self._answer(START, request["PipelineName"], request)

    def send_message(self, **request: Any) -> None:
        assert self.key == ROOT.access_key
        self.letters.append(request)

    def _answer(self, action: str, resource: str, request: dict[str, Any]) -> None:
        service = action.partition(":")[0]
        if iam_evaluator.enforce(self.key, action, service, "eu-west-1", resource_arn=resource) is not None:
            raise refusal("AccessDeniedException", 403)
        if self.answers:
            self.answers.pop(0)()
        self.requests.append(request)

    @property
    def starts(self) -> list[Any]:
        return [request["PipelineParameters"] for request in self.requests]

    @property
    def letter(self) -> dict[str, str]:
        (letter,) = self.letters
        return {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}


@pytest.fixture(autouse=True)
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    fake = Services()
    monkeypatch.setattr(roles, "client", fake.client)
    monkeypatch.setattr(dead_letters, "client", fake.client)
    monkeypatch.setattr(retry_policy, "_FIRST_DELAY_S", 0.0)
    monkeypatch.setenv("BIND_HOST", "127.0.0.1")
    monkeypatch.setenv("GATEWAY_PORT", "4566")
    for module, name in (
        (eventbridge, "_invoke_target"),
        (eventbridge, "_dispatch_event"),
        (eventbridge, "_SCHEDULER_TICK_INTERVAL"),
        (s3, "_fire_s3_event"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))
    delivery.install()
    object_versions.install()
    make_queue(QUEUE)
    yield fake
    delivered()
    for module in (eventbridge, sns, sqs):
        module.reset()


def make_queue(arn: str, *, source: str = RULE) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": "111122223333"}},
    }
    only_tls = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "sqs:*",
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    attributes = {"Policy": json.dumps({"Statement": [only_tls, statement]})}
    sqs._act_create_queue({"QueueName": arn.rpartition(":")[2], "Attributes": attributes}, "")


def make_rule(*of_targets: dict[str, Any], **schedule: str) -> None:
    trigger = schedule or {"EventPattern": json.dumps({"source": ["data"]})}
    eventbridge._ensure_default_bus()
    assert eventbridge._put_rule({"Name": "start", **trigger})[0] == 200
    listed = [{"Id": str(number), **each} for number, each in enumerate(of_targets)]
    assert eventbridge._put_targets({"Rule": "start", "Targets": listed})[0] == 200


def put_event(detail: dict[str, Any] | None = None) -> None:
    detail = detail or {"object": {"key": "raw/a.csv", "version-id": "v1"}}
    eventbridge._put_events({"Entries": [{"Source": "data", "DetailType": "New", "Detail": json.dumps(detail)}]})


def delivered() -> None:
    for thread in threading.enumerate():
        if thread.name == "eventbridge-delivery":
            thread.join(5)
            assert not thread.is_alive()


def refusal(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Call")


def raising(error: Exception) -> Callable[[], None]:
    def answer() -> None:
        raise error

    return answer


def test_event_starts_a_pipeline_with_what_its_paths_find(services: Services) -> None:
    make_starter(MAY_START)
    listed = [
        VERSION,
        {"Name": "Time", "Value": "$.time"},
        {"Name": "Absent", "Value": "$.detail.nothing"},
        {"Name": "Literal", "Value": "all of it"},
    ]
    make_rule(START_TARGET | {"SageMakerPipelineParameters": {"PipelineParameterList": listed}})
    put_event()
    delivered()
    (values,) = [{each["Name"]: each["Value"] for each in start} for start in services.starts]
    assert values.pop("Time").endswith("Z")
    assert values == {"DataVersion": "v1", "Absent": "", "Literal": "all of it"}
    assert services.letters == []


def test_schedule_starts_a_pipeline_with_its_time_when_its_minute_is_over(services: Services) -> None:
    make_starter(MAY_START)
    at_time = {"SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "DataVersion", "Value": "$.time"}]}}
    make_rule(START_TARGET | at_time, ScheduleExpression="rate(1 minute)")
    eventbridge._tick_scheduled_rules()
    delivered()
    assert services.starts == []
    eventbridge._rule_last_fired.clear()
    eventbridge._rules["default|start"]["CreationTime"] -= 60
    eventbridge._tick_scheduled_rules()
    delivered()
    ((parameter,),) = services.starts
    assert parameter["Value"].endswith("Z")


def test_new_object_starts_a_pipeline_with_its_version(services: Services) -> None:
    make_starter(MAY_START)
    make_rule(START_TARGET, EventPattern=json.dumps({"source": ["aws.s3"], "detail-type": ["Object Created"]}))
    s3._bucket_notifications["data"] = (
        "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>"
    )
    s3._fire_s3_event("data", "raw/a.csv", "s3:ObjectCreated:Put", version_id="v7")
    s3._fire_s3_event("data", "raw/a.csv", "s3:ObjectCreated:Put")  # the bucket keeps no versions
    delivered()
    assert sorted(start[0]["Value"] for start in services.starts) == ["", "v7"]


def test_start_without_the_right_to_it_is_a_dead_letter_at_once(services: Services) -> None:
    make_starter()
    make_rule(START_TARGET)
    put_event()
    delivered()
    assert services.starts == []
    letter = services.letter
    assert "AccessDeniedException" in letter.pop("ERROR_MESSAGE")
    assert letter == {
        "RULE_ARN": RULE,
        "TARGET_ARN": PIPELINE,
        "ERROR_CODE": "NO_PERMISSIONS",
        "RETRY_ATTEMPTS": "0",
    }
    (sent,) = services.letters
    assert json.loads(sent["MessageBody"])["detail"]["object"]["version-id"] == "v1"
    assert sent["QueueUrl"] == "https://127.0.0.1:4566/111122223333/dead"


@pytest.mark.parametrize("may_start", [True, False])
def test_rule_wakes_a_state_machine_that_its_role_may_start(
    services: Services, monkeypatch: pytest.MonkeyPatch, may_start: bool
) -> None:
    machine = "arn:aws:states:eu-west-1:111122223333:stateMachine:deployer"
    woken: list[Any] = []
    monkeypatch.setattr(targets, "leave", woken.append)
    right = {"Effect": "Allow", "Action": "states:StartExecution", "Resource": machine if may_start else f"{machine}2"}
    make_starter(right)
    make_rule({"Arn": machine, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": QUEUE}})
    put_event()
    delivered()
    assert len(woken) == may_start
    assert [letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] for letter in services.letters] == (
        [] if may_start else ["NO_PERMISSIONS"]
    )


def test_role_that_does_not_trust_the_rule_starts_nothing(services: Services) -> None:
    make_starter(MAY_START, trusted_source=f"{RULE}-another")
    make_rule(START_TARGET)
    put_event()
    delivered()
    assert services.starts == []
    assert (services.letter["ERROR_CODE"], services.letter["RETRY_ATTEMPTS"]) == ("FAILED_TO_ASSUME_ROLE", "0")


@pytest.mark.parametrize(
    "error",
    [
        refusal("ThrottlingException", 400),
        refusal("Anything", 429),
        refusal("InternalFailure", 500),
        EndpointConnectionError(endpoint_url="https://127.0.0.1"),
    ],
)
def test_transient_target_errors_are_retried(services: Services, error: Exception) -> None:
    make_starter(MAY_START)
    make_rule(START_TARGET)
    services.answers = [raising(error), raising(error)]
    put_event()
    delivered()
    assert len(services.starts) == 1
    assert services.letters == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (refusal("ResourceNotFound", 400), "NO_RESOURCE"),
        (refusal("ValidationException", 400), "INVALID_PARAMETER"),
        (refusal("ConflictException", 400), "ERROR_FROM_TARGET"),
    ],
)
def test_permanent_target_errors_are_not_retried(services: Services, error: Exception, code: str) -> None:
    make_starter(MAY_START)
    make_rule(START_TARGET)
    services.answers = [raising(error)]
    put_event()
    delivered()
    assert services.starts == []
    assert services.letter["ERROR_CODE"] == code
    assert "EXHAUSTED_RETRY_CONDITION" not in services.letter


def test_tries_end_with_the_retry_policy(services: Services) -> None:
    make_starter(MAY_START)
    make_rule(START_TARGET | {"RetryPolicy": {"MaximumRetryAttempts": 2}})
    services.answers = [raising(refusal("ThrottlingException", 400)) for _ in range(4)]
    put_event()
    delivered()
    assert services.starts == []
    assert len(services.answers) == 1
    expected = {
        "ERROR_CODE": "THROTTLING",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "RETRY_ATTEMPTS": "2",
    }
    assert expected.items() <= services.letter.items()


def test_event_grows_too_old_for_another_try() -> None:
    policy = RetryPolicy.of({"RetryPolicy": {"MaximumEventAgeInSeconds": 60}})
    assert policy == RetryPolicy(retries=185, age_s=60)
    assert policy.exhausted_by(3, age_s=1.0) is None
    assert policy.exhausted_by(3, age_s=60.1) == "MaximumEventAgeInSeconds"


@pytest.mark.parametrize("queue", [QUEUE, f"{QUEUE}-that-is-not-there"])
def test_event_is_lost_if_the_queue_does_not_take_it(
    services: Services, queue: str, caplog: pytest.LogCaptureFixture
) -> None:
    sqs.reset()
    make_queue(QUEUE, source=f"{RULE}-another")
    make_starter()
    make_rule(START_TARGET | {"DeadLetterConfig": {"Arn": queue}})
    put_event()
    delivered()
    assert services.letters == []
    assert "the event is lost, as the dead-letter queue does not take it" in caplog.text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (TRANSFORMER, '"Data: raw/a.csv"\n"Reason: "'),
        ({"InputPath": "$.detail.object"}, '{"key": "raw/a.csv", "version-id": "v1"}'),
    ],
)
def test_topic_whose_policy_lets_the_rule_publish_gets_what_the_input_settings_say(
    services: Services, settings: dict[str, Any], message: str
) -> None:
    inbox = make_topic()
    make_rule({"Arn": TOPIC, "DeadLetterConfig": {"Arn": QUEUE}, **settings})
    put_event()
    delivered()
    assert services.letters == []
    assert [json.loads(each["body"])["Message"] for each in sqs._queue_by_arn(inbox)["messages"]] == [message]


@pytest.mark.parametrize("source", [f"{RULE}-another", RULE.replace("111122223333", "444455556666")])
def test_message_of_a_rule_that_the_topics_policy_does_not_name_is_a_dead_letter(
    services: Services, source: str
) -> None:
    inbox = make_topic(source=source)
    make_rule({"Arn": TOPIC, "DeadLetterConfig": {"Arn": QUEUE}, **TRANSFORMER})
    put_event()
    delivered()
    assert sqs._queue_by_arn(inbox)["messages"] == []
    assert services.letter["ERROR_CODE"] == "NO_PERMISSIONS"
    assert json.loads(services.letters[0]["MessageBody"])["source"] == "data"  # not the message


def make_topic(*, source: str = RULE) -> str:
    """Make a topic with a policy like ours; return the ARN of a queue that gets its messages."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        "Condition": {"ArnEqualsIfExists": {"aws:SourceArn": [source, f"{source}-other"]}},
    }
    policy = {
        "Attributes.entry.1.key": ["Policy"],
        "Attributes.entry.1.value": [json.dumps({"Statement": [statement]})],
    }
    sns._create_topic({"Name": ["notes"], **policy})
    inbox = f"{QUEUE}-inbox"
    make_queue(inbox)
    sns._subscribe({"TopicArn": [TOPIC], "Protocol": ["sqs"], "Endpoint": [inbox]})
    return inbox


def test_queue_is_a_target_by_its_own_policy(services: Services) -> None:
    inbox, closed = f"{QUEUE}-inbox", f"{QUEUE}-closed"
    make_queue(inbox)
    make_queue(closed, source=f"{RULE}-another")
    make_rule({"Arn": inbox}, {"Arn": closed, "DeadLetterConfig": {"Arn": QUEUE}})
    put_event()
    delivered()
    (message,) = sqs._queue_by_arn(inbox)["messages"]
    assert json.loads(message["body"])["detail"]["object"]["version-id"] == "v1"
    assert sqs._queue_by_arn(closed)["messages"] == []
    assert (services.letter["TARGET_ARN"], services.letter["ERROR_CODE"]) == (closed, "NO_PERMISSIONS")


def test_role_of_the_target_does_not_make_up_for_a_topics_policy(services: Services) -> None:
    make_starter({"Effect": "Allow", "Action": "sns:Publish", "Resource": TOPIC})
    sns._create_topic({"Name": ["notes"]})
    make_rule({"Arn": TOPIC, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": QUEUE}})
    put_event()
    delivered()
    assert services.letter["ERROR_CODE"] == "NO_PERMISSIONS"


def test_other_targets_and_schedules_of_the_scheduler_are_left_to_ministack(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []
    monkeypatch.setattr(targets, "_reach_by_itself", lambda target, *_: left.append(target["Arn"]))
    function = "arn:aws:lambda:eu-west-1:111122223333:function:f"
    make_rule({"Arn": function})
    put_event()
    delivered()
    schedule = {"Arn": "arn:aws:scheduler:eu-west-1:111122223333:schedule/default/nightly"}
    delivery.dispatch({"Arn": PIPELINE}, {"Detail": "{}"}, schedule)
    assert left == [function, PIPELINE]


def test_delivery_is_in_the_account_and_region_of_its_event(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(targets, "_reach_by_itself", lambda *_: seen.append((get_account_id(), get_region())))

    def dispatch() -> None:
        set_request_account_id("444455556666")
        set_request_region("us-east-1")
        delivery.dispatch({"Arn": "arn:aws:lambda:us-east-1:444455556666:function:f"}, {"Detail": "{}"}, {"Arn": RULE})

    contextvars.copy_context().run(dispatch)
    delivered()
    assert seen == [("444455556666", "us-east-1")]


def test_put_events_does_not_wait_for_delivery(services: Services) -> None:
    make_starter(MAY_START)
    make_rule(START_TARGET)
    answered, was_waited_for = threading.Event(), []
    services.answers = [lambda: was_waited_for.append(not answered.wait(2))]
    put_event()
    answered.set()
    delivered()
    assert was_waited_for == [False]
    assert len(services.starts) == 1


@pytest.mark.parametrize(("key", "starts"), [("raw/a.csv", True), ("raw/b/A.CSV.gz", True), ("raw/a.csv.tmp", False)])
def test_stand_in_finds_the_new_data_that_the_rule_describes(key: str, starts: bool) -> None:
    resources = json.loads(golden_files.read("prod/pipeline.template.json"))["Resources"]
    (pattern,) = (
        each["Properties"]["EventPattern"]
        for name, each in resources.items()
        if "NewDataStart" in name and each["Type"] == "AWS::Events::Rule"
    )
    wanted = {"object": pattern["detail"]["object"]}
    assert eventbridge._matches_detail({"object": {"key": key}}, wanted) is starts
