"""A fake account that behaves as the records describe AWS.

Executions end after a minute. A test changes an answer, or what happens while time passes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from operations.aws import Aws
from operations.clock import Clock
from tests.operations.fake_account import Refusal, connect

NUMBER = "111122223333"
PREFIX = f"arn:aws:sagemaker:eu-west-1:{NUMBER}"
PIPELINE = f"{PREFIX}:pipeline/emp-bonus-training-pipeline-dev"
GROUP = "EmpBonusPackageGroup-dev"
VERSION = f"{PREFIX}:model-package/{GROUP.lower()}/1"
TOPIC = f"arn:aws:sns:eu-west-1:{NUMBER}:emp-bonus-dev-pipeline-Topic-XYZ"
BUCKET = "emp-bonus-dev-storage-databucket-xyz"
SCHEDULE = "emp-bonus-dev-pipeline-ScheduledStart"
FAULT = "emp-bonus-dev-pipeline-Fault"
ROLES = {"PipelineRole": "emp-bonus-dev-pipeline-PipelineRole-ABC", "JobRole": "emp-bonus-dev-pipeline-JobRole-DEF"}
REASON = "AlgorithmError: data contract violated: department, exit code: 3"
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
RULE = {
    "Name": SCHEDULE,
    "ScheduleExpression": "cron(0 5 ? * MON *)",
    "State": "DISABLED",
    "Description": "each Monday",
}
TAKES_S = 60
JOB_STEPS = ("DataQuality", "PreProcessing", "DataSplit", "Training", "Evaluation")
RESOURCES = {
    "emp-bonus-dev-storage": [
        ("DataBucket", "AWS::S3::Bucket", BUCKET),
        ("AccessLogs", "AWS::S3::Bucket", "emp-bonus-dev-storage-accesslogs-xyz"),
        ("ModelRegistry", "AWS::SageMaker::ModelPackageGroup", f"{PREFIX}:model-package-group/{GROUP}"),
    ],
    "emp-bonus-dev-pipeline": [
        ("OperationsNotificationsTopic", "AWS::SNS::Topic", TOPIC),
        ("ScheduledStart", "AWS::Events::Rule", SCHEDULE),
        ("NewDataStart", "AWS::Events::Rule", "emp-bonus-dev-pipeline-NewDataStart"),
        ("OperationsAlarmsFault", "AWS::CloudWatch::CompositeAlarm", FAULT),
        *((name, "AWS::IAM::Role", role) for name, role in ROLES.items()),
    ],
}


@dataclass
class Execution:
    """An execution, and how it will end."""

    arn: str
    parameters: dict[str, str]
    steps: list[dict[str, Any]]
    end: str
    ends_s: float
    status: str = "Executing"


@dataclass
class Account:
    """What there is in the account, and what was asked of it."""

    answers: dict[str, Any] = field(default_factory=dict)
    """Operation -> what is answered instead of the usual: a document, or an error."""
    called: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)
    objects: set[tuple[str, str]] = field(default_factory=set)
    rules: dict[str, dict[str, Any]] = field(default_factory=lambda: {SCHEDULE: dict(RULE)})
    targets: set[str] = field(default_factory=set)
    queues: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    subscriptions: set[str] = field(default_factory=set)
    approval: str = "PendingManualApproval"
    passing: Callable[["Account", float], None] = lambda _account, _seconds: None
    """Happens whenever somebody waits."""
    passed_s: float = 0

    def connect(self, region: str) -> Aws:
        return connect(self, region)

    def answer(self, operation: str, request: dict[str, Any], _region: str) -> Any:
        self.called.append((operation, request))
        answer = self.answers.get(operation, ANSWERS[operation])
        if isinstance(answer, str):
            return Refusal(answer)
        return answer(self, request) if callable(answer) else answer

    @property
    def clock(self) -> Clock:
        return Clock(lambda: NOW + timedelta(seconds=self.passed_s), lambda: self.passed_s, self._sleep)

    @property
    def leftovers(self) -> list[Any]:
        """What is left of what a verification makes, or not as it was."""
        running = [each.arn for each in self.executions if each.status == "Executing"]
        rule = [] if self.rules[SCHEDULE] == RULE else [self.rules[SCHEDULE]]
        others = [name for name in self.rules if name != SCHEDULE]
        champion = ["a champion"] if self.approval == "Approved" else []
        return [*running, *rule, *others, *champion, *self.objects, *self.targets, *self.queues, *self.subscriptions]

    @staticmethod
    def error(code: str, operation: str) -> ClientError:
        return ClientError({"Error": {"Code": code, "Message": f"no {operation}"}}, operation)

    def start(self, parameters: dict[str, str]) -> Execution:
        """Start an execution, by hand or by a rule."""
        number = f"{len(self.executions):012x}"
        arn = f"{PIPELINE}/execution/{number}"
        steps, end = self._run(number, parameters)
        self.executions.append(Execution(arn, parameters, steps, end, self.passed_s + TAKES_S))
        return self.executions[-1]

    def _sleep(self, seconds: float) -> None:
        self.passed_s += seconds
        if any(rule.get("ScheduleExpression") == "rate(1 minute)" for rule in self.rules.values()):
            self.start({"DataVersion": f"{self.clock.now():%Y-%m-%dT%H:%M:%SZ}"})
        self.passing(self, seconds)

    def _run(self, number: str, parameters: dict[str, str]) -> tuple[list[dict[str, Any]], str]:
        again = self.approval == "Approved"
        kinds = {"Training": "train"}

        def step(name: str, **more: Any) -> dict[str, Any]:
            kind = "TrainingJob" if name == "Training" else "ProcessingJob"
            path = "training-job" if name == "Training" else "processing-job"
            job = f"emp-bonus-dev-{kinds.get(name, name.lower())}-{number}-aBcDeFgH12-0"
            made = {"Metadata": {kind: {"Arn": f"{PREFIX}:{path}/{job}"}}}
            times = {"StartTime": NOW, "EndTime": NOW + timedelta(seconds=240)}
            return {"StepName": f"EmpBonus{name}", "StepStatus": "Succeeded", **times, **made, **more}

        first = step("FindChampion", Metadata={"Lambda": {"Arn": "arn:aws:lambda:eu-west-1:1:function:f"}})
        if "broken" in parameters.get("InputData", ""):
            return [first, step("DataQuality", StepStatus="Failed", FailureReason=REASON)], "Failed"
        hit = {"CacheHitResult": {"SourcePipelineExecutionArn": self.executions[0].arn}} if again else {}
        cached = dict.fromkeys(("PreProcessing", "DataSplit", "Training"), hit)
        jobs = [first, *(step(name, **cached.get(name, {})) for name in JOB_STEPS)]
        if again:
            message = {"Fail": {"ErrorMessage": "improvement"}}
            return [
                *jobs,
                step("Rejected", StepStatus="Failed", FailureReason="improvement", Metadata=message),
            ], "Failed"
        return [*jobs, step("RegisterModel", Metadata={"RegisterModel": {"Arn": VERSION}})], "Succeeded"

    def look(self, arn: str) -> Execution:
        (found,) = (each for each in self.executions if each.arn == arn)
        if self.passed_s >= found.ends_s and found.status == "Executing":
            self.end(found, found.end)
        return found

    def end(self, execution: Execution, status: str) -> None:
        """End an execution, and send what the stage's rules match."""
        execution.status = status
        of_it = {"pipelineArn": PIPELINE, "pipelineExecutionArn": execution.arn}
        failed = [each for each in execution.steps if each["StepStatus"] == "Failed"] if status == "Failed" else []
        for each in failed:
            name, reason = each["StepName"], each["FailureReason"]
            detail = {**of_it, "stepName": name, "currentStepStatus": "Failed", "failureReason": reason}
            headline = "MODEL REJECTED" if name == "EmpBonusRejected" else "DATA REFUSED"
            self.send("SageMaker Model Building Pipeline Execution Step Status Change", detail, headline)
        if status == "Stopped":
            detail = {**of_it, "currentPipelineExecutionStatus": status}
            self.send("SageMaker Model Building Pipeline Execution Status Change", detail, "UNFINISHED")

    def send(self, kind: str, detail: dict[str, Any], headline: str) -> None:
        """Send an event to the rule's queue, and what the stage's rules make of it to the topic."""
        text = f'"[dev] {headline}"\n"Execution: {detail["pipelineExecutionArn"]}"'
        for queue in self.queues.values():
            queue.append({"detail-type": kind, "source": "aws.sagemaker", "detail": detail})
            queue.append({"Type": "Notification", "Message": text})


def _list_resources(_account: Account, request: dict[str, Any]) -> dict[str, Any]:
    return {
        "StackResources": [
            {
                "LogicalResourceId": f"{logical}0A1B2C3D",
                "ResourceType": kind,
                "PhysicalResourceId": name,
                "Timestamp": NOW,
                "ResourceStatus": "CREATE_COMPLETE",
            }
            for logical, kind, name in RESOURCES[request["StackName"]]
        ]
    }


def _start(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    given = {each["Name"]: each["Value"] for each in request["PipelineParameters"]}
    return {"PipelineExecutionArn": account.start(given).arn}


def _stop(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    (found,) = (each for each in account.executions if each.arn == request["PipelineExecutionArn"])
    account.end(found, "Stopped")
    return {"PipelineExecutionArn": found.arn}


def _list_executions(account: Account, _request: dict[str, Any]) -> dict[str, Any]:
    newest = account.executions[::-1]
    summaries = [{"PipelineExecutionArn": each.arn, "PipelineExecutionStatus": each.status} for each in newest]
    return {"PipelineExecutionSummaries": summaries}


def _put_rule(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    account.rules[request["Name"]] = dict(request)
    return {"RuleArn": "arn"}


def _receive(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    waiting = account.queues[request["QueueUrl"]]
    taken = [{"Body": json.dumps(body), "ReceiptHandle": "r"} for body in waiting[:10]]
    del waiting[:10]
    return {"Messages": taken} if taken else {}


def _make(kind: str, answer: dict[str, Any], member: str) -> Callable[[Account, dict[str, Any]], dict[str, Any]]:
    def make(account: Account, request: dict[str, Any]) -> dict[str, Any]:
        getattr(account, kind).add(request[member])
        return answer

    return make


def _take(kind: str, member: str) -> Callable[[Account, dict[str, Any]], dict[str, Any]]:
    def take(account: Account, request: dict[str, Any]) -> dict[str, Any]:
        getattr(account, kind).remove(request[member])
        return {}

    return take


def _create_queue(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    account.queues[request["QueueName"]] = []
    return {"QueueUrl": request["QueueName"]}


def _delete_queue(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    del account.queues[request["QueueUrl"]]
    return {}


def _approve(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    account.approval = request["ModelApprovalStatus"]
    return {"ModelPackageArn": VERSION}


def _list_packages(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    package = {"ModelPackageArn": VERSION, "CreationTime": NOW, "ModelPackageStatus": "Completed"}
    return {"ModelPackageSummaryList": [package] if account.approval == request["ModelApprovalStatus"] else []}


def _metrics(_account: Account, request: dict[str, Any]) -> dict[str, Any]:
    return {"MetricDataResults": [{"Id": each["Id"], "Values": [1.0, 1.0]} for each in request["MetricDataQueries"]]}


def event(role: str, name: str, session: str, **more: str) -> dict[str, Any]:
    """Return an event of CloudTrail."""
    identity = {
        "arn": f"arn:aws:sts::{NUMBER}:assumed-role/{role}/{session}",
        "sessionContext": {"sessionIssuer": {"userName": role}},
    }
    return {"CloudTrailEvent": json.dumps({"userIdentity": identity, "eventName": name, **more})}


def _lookup(_account: Account, request: dict[str, Any]) -> dict[str, Any]:
    if request["LookupAttributes"][0]["AttributeValue"] != "sagemaker.amazonaws.com":
        return {"Events": []}
    pipeline, session = ROLES["PipelineRole"], "sagemaker-pipeline-000000000000-EmpBonus"
    names = ("CreateProcessingJob", "CreateModelPackage", "DescribeModelPackage")
    if "NextToken" not in request:
        return {"Events": [event(pipeline, name, f"{session}Something") for name in names], "NextToken": "2"}
    return {
        "Events": [
            event(pipeline, "CreateModelPackageGroup", session, errorCode="ValidationException"),
            event(ROLES["JobRole"], "CreateLogStream", "SageMaker"),
            event("somebody-else", "AddTags", "ann"),
            {"CloudTrailEvent": json.dumps({"userIdentity": {"type": "AWSService"}, "eventName": "AssumeRole"})},
        ]
    }


def _delete_object(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    account.objects.remove((request["Key"], request["VersionId"]))
    return {}


def _put_object(account: Account, request: dict[str, Any]) -> dict[str, Any]:
    version = f"v{len(account.objects)}"
    account.objects.add((request["Key"], version))
    return {"VersionId": version}


ANSWERS: dict[str, Any] = {
    "DescribeStacks": {"Stacks": [{"StackName": "x", "CreationTime": NOW, "StackStatus": "UPDATE_COMPLETE"}]},
    "DescribeStackResources": _list_resources,
    "ListModelPackages": _list_packages,
    "UpdateModelPackage": _approve,
    "DescribeRule": lambda account, request: account.rules.get(request["Name"], {"State": "DISABLED"}),
    "PutRule": _put_rule,
    "DeleteRule": lambda account, request: account.rules.pop(request["Name"]) and {},
    "PutTargets": _make("targets", {}, "Rule"),
    "RemoveTargets": _take("targets", "Rule"),
    "CreateQueue": _create_queue,
    "DeleteQueue": _delete_queue,
    "ReceiveMessage": _receive,
    "DeleteMessage": {},
    "Subscribe": _make("subscriptions", {"SubscriptionArn": TOPIC}, "TopicArn"),
    "Unsubscribe": _take("subscriptions", "SubscriptionArn"),
    "PutObject": _put_object,
    "DeleteObject": _delete_object,
    "ListObjectsV2": {"Contents": [{"Key": "data_quality.json"}]},
    "StartPipelineExecution": _start,
    "StopPipelineExecution": _stop,
    "ListPipelineExecutions": _list_executions,
    "DescribePipelineExecution": lambda account, request: {
        "PipelineExecutionStatus": account.look(request["PipelineExecutionArn"]).status
    },
    "ListPipelineExecutionSteps": lambda account, request: {
        "PipelineExecutionSteps": next(
            each.steps for each in account.executions if each.arn == request["PipelineExecutionArn"]
        )
    },
    "ListPipelineParametersForExecution": lambda account, request: {
        "PipelineParameters": [
            {"Name": name, "Value": value}
            for each in account.executions
            if each.arn == request["PipelineExecutionArn"]
            for name, value in each.parameters.items()
        ]
    },
    "DescribeProcessingJob": {
        "ProcessingJobName": "x",
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}
        },
        "AppSpecification": {"ImageUri": "x"},
        "ProcessingJobArn": "x",
        "ProcessingJobStatus": "Failed",
        "CreationTime": NOW,
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "data-quality",
                    "S3Output": {"S3Uri": f"s3://{BUCKET}/models/x/data-quality", "S3UploadMode": "Continuous"},
                }
            ]
        },
        "FailureReason": REASON,
        "ExitMessage": "data contract violated: department",
    },
    "ListTags": {"Tags": [{"Key": "project", "Value": "emp-bonus"}, {"Key": "stage", "Value": "dev"}]},
    "GetMetricData": _metrics,
    "DescribeAlarms": {
        "CompositeAlarms": [{"AlarmName": FAULT, "StateValue": "ALARM", "ActionsSuppressedBy": "Alarm"}]
    },
    "DescribeAlarmHistory": {"AlarmHistoryItems": [{"HistorySummary": "Alarm updated from OK to ALARM"}]},
    "DescribeLogStreams": lambda _, request: {
        "logStreams": [{"logStreamName": f"{request['logStreamNamePrefix']}/algo-1-1700000000"}]
    },
    "LookupEvents": _lookup,
}
