"""An account behind botocore's own clients: each request and answer is checked against the service's model.

It answers in any order; a test changes one of the answers of an account in which all is well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any, Protocol

from botocore.validate import validate_parameters

from operations.aws import Aws
from tests.aws_services import session

ACCOUNT = "111122223333"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:emp-bonus-dev-pipeline-Topic-1"
BUCKET = "emp-bonus-dev-storage-databucket-1"
STACK_OUTPUTS = [{"OutputKey": "DataBucketName", "OutputValue": BUCKET}]


@dataclass(frozen=True)
class Refusal:
    """An error that a service answers with."""

    code: str
    message: str = "no"


class Answers(Protocol):
    """What services answer to requests."""

    def answer(self, operation: str, request: dict[str, Any], region: str) -> Any:
        """Return a document, a `Refusal` or an exception; may raise one, too."""


def connect(account: Answers, region: str) -> Aws:
    """Return clients whose requests *account* answers."""

    def client(service: str) -> Any:
        found = _make_client(service, region)
        found.account = account
        return found

    return Aws(client)


@cache  # a client takes a tenth of a second
def _make_client(service: str, region: str) -> Any:
    client = session().client(service, region_name=region)

    def respond(model: Any, context: dict[str, Any], **_: Any) -> Any:
        return _respond(client.account.answer(model.name, context["asked"], region), model)

    client.meta.events.register("before-parameter-build", lambda params, context, **_: context.update(asked=params))
    client.meta.events.register("before-call", respond)
    return client


def _respond(answer: Any, model: Any) -> Any:
    match answer:
        case Exception():
            raise answer
        case Refusal(code, message):
            return SimpleNamespace(status_code=400), {"Error": {"Code": code, "Message": message}}
    if model.output_shape:
        validate_parameters(answer, model.output_shape)
    return SimpleNamespace(status_code=200), {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}


@dataclass
class FakeAccount:
    """What is answered to each operation: a document, a `Refusal`, an exception, or a function of the request."""

    answers: dict[str, Any]
    called: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The requests of each operation."""

    def connect(self, region: str) -> Aws:
        return connect(self, region)

    def answer(self, operation: str, request: dict[str, Any], region: str) -> Any:
        self.called.setdefault(operation, []).append(asked := {**request, "Region": region})
        answer = self.answers[operation]
        return answer(asked) if callable(answer) else answer


def paged(pages: Iterable[dict[str, Any]]) -> Any:
    """Return an answer in pages, each asked for with the token of the one before."""
    documents = list(pages)

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        number = int(request.get("NextToken", "0"))
        more = {"NextToken": str(number + 1)} if number + 1 < len(documents) else {}
        return {**documents[number], **more}

    return answer


def describe_stacks(status: str) -> dict[str, Any]:
    """Return what DescribeStacks says of either stack."""
    stack = {"StackName": "x", "CreationTime": 0, "StackStatus": status, "Outputs": STACK_OUTPUTS}
    return {"Stacks": [stack]}


def list_quotas(values: Mapping[str, float]) -> dict[str, Any]:
    """Return quotas by name."""
    return {
        "Quotas": [{"QuotaName": name, "QuotaCode": f"L-{name[:6]}", "Value": value} for name, value in values.items()]
    }


def encrypted(key: str | None) -> dict[str, Any]:
    """Return a bucket's encryption."""
    default = {"SSEAlgorithm": "aws:kms", **({"KMSMasterKeyID": key} if key else {})}
    return {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}}


def resource(logical_id: str, kind: str, physical_id: str) -> dict[str, Any]:
    """Return a resource of a stack."""
    return {
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": physical_id,
        "ResourceType": kind,
        "LastUpdatedTimestamp": 0,
        "ResourceStatus": "CREATE_COMPLETE",
    }


def subscribed(*addresses: str, arn: str = f"{TOPIC}:1") -> dict[str, Any]:
    """Return a topic's subscriptions."""
    return {"Subscriptions": [{"Endpoint": each, "Protocol": "email", "SubscriptionArn": arn} for each in addresses]}


RULES = ("ScheduledStart", "NewDataStart", "OperationsNotificationsFault")
RESOURCES = [
    resource("OperationsTopic1", "AWS::SNS::Topic", TOPIC),
    *(resource(f"{name}0A1B2C3D", "AWS::Events::Rule", f"emp-bonus-dev-pipeline-{name}") for name in RULES),
]

SCORING_TOPIC = f"{TOPIC}-scoring"
SCORING_RESOURCES = [
    resource("NotificationsTopic1", "AWS::SNS::Topic", SCORING_TOPIC),
    resource("NewRecordsStart0A1B2C3D", "AWS::Events::Rule", "emp-bonus-dev-scoring-NewRecordsStart"),
]

MONITORING_TOPIC = f"{TOPIC}-monitoring"
MONITORING_RESOURCES = [
    resource("NotificationsTopic1", "AWS::SNS::Topic", MONITORING_TOPIC),
    resource("MonitoringStart0A1B2C3D", "AWS::Events::Rule", "emp-bonus-dev-monitoring-MonitoringStart"),
]

DEPLOYMENT_TOPIC = f"{TOPIC}-deployment"
DEPLOYMENT_RESOURCES = [
    resource("Topic1", "AWS::SNS::Topic", DEPLOYMENT_TOPIC),
    *(
        resource(f"{name}0A1B2C3D", "AWS::Events::Rule", f"emp-bonus-dev-deployment-{name}")
        for name in ("Decided", "Hourly", "ToldFailures")
    ),
]


def list_resources(request: dict[str, Any]) -> dict[str, Any]:
    """Return the resources of the stack that is asked for."""
    others = {
        "scoring": SCORING_RESOURCES,
        "monitoring": MONITORING_RESOURCES,
        "deployment": DEPLOYMENT_RESOURCES,
    }
    return {"StackResourceSummaries": others.get(request["StackName"].rpartition("-")[2], RESOURCES)}


def rules(**states: str) -> Any:
    """Return what DescribeRule says: by default what the settings of dev want."""
    starts = ("ScheduledStart", "NewDataStart", "NewRecordsStart", "MonitoringStart")
    wanted = {**dict.fromkeys(starts, "DISABLED"), **states}
    return lambda request: {"State": wanted.get(request["Name"].rpartition("-")[2], "ENABLED")}


def deployed() -> FakeAccount:
    """Return an account in which dev is deployed and all is well."""
    return FakeAccount(
        {
            "GetCallerIdentity": {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/ann"},
            "ListFunctions": {},
            "ListQueues": {},
            "ListTopics": {},
            "ListRules": {},
            "DescribeAlarms": {},
            "DescribeLogGroups": {},
            "ListAliases": {},
            "GetParameter": {"Parameter": {"Value": "33"}},
            "GetBucketEncryption": encrypted(None),
            "ListAWSDefaultServiceQuotas": list_quotas({}),
            "ListServiceQuotas": list_quotas(
                {"ml.m5.xlarge for processing job usage": 4, "ml.m5.xlarge for training job usage": 4}
            ),
            "DescribeStacks": describe_stacks("UPDATE_COMPLETE"),
            "ListObjectsV2": {"Contents": [{"Key": "raw/a.csv", "Size": 1}]},
            "ListStackResources": list_resources,
            "ListSubscriptionsByTopic": subscribed("ann@example.com"),
            "DescribeRule": rules(),
            "CreateQueue": {"QueueUrl": "https://queue"},
            "Subscribe": {"SubscriptionArn": f"{TOPIC}:2"},
            "Publish": {"MessageId": "m-1"},
            "ReceiveMessage": {"Messages": [{"Body": '{"MessageId": "m-0"}'}, {"Body": '{"MessageId": "m-1"}'}]},
            "Unsubscribe": {},
            "DeleteQueue": {},
        }
    )


def bootstrapped() -> FakeAccount:
    """Return an account in which dev can be deployed for the first time."""
    account = deployed()
    account.answers |= {
        "DescribeStacks": Refusal("ValidationError", "Stack with id x does not exist"),
        "DescribeModelPackageGroup": Refusal("ValidationException", "ModelPackageGroup x does not exist."),
        "DescribePipeline": Refusal("ResourceNotFound", "Pipeline 'x' does not exist."),
        "GetResources": {"ResourceTagMappingList": []},
    }
    return account
