"""What the account is asked in the end; a question that is not answered keeps no other from being asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from operations.aws import Aws
from operations.verify_account.deployment import Deployment
from operations.verify_account.observations import Alarm, Purpose, RefusedData, Run
from operations.verify_account.trail import find_calls

NAMESPACE = "AWS/Sagemaker/ModelBuildingPipeline"
METRICS = (
    *("ExecutionStarted", "ExecutionSucceeded", "ExecutionFailed", "ExecutionStopped"),
    *("StepFailed of EmpBonusRejected", "StepFailed of EmpBonusDataQuality"),
)
LOG_GROUPS = {
    "EmpBonusDataQuality": "/aws/sagemaker/ProcessingJobs",
    "EmpBonusTraining": "/aws/sagemaker/TrainingJobs",
}
PERIOD_S = 300


@dataclass(frozen=True)
class Scene:
    """What questions are about."""

    deployment: Deployment
    aws: Aws
    runs: Mapping[Purpose, Run]
    since: datetime
    until: datetime


def ask_all(scene: Scene) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the answers, by the members of `Observations`, and why there is none to the others."""
    answers, unasked = {}, {}
    for name, question in QUESTIONS.items():
        try:
            answers[name] = question(scene)
        except ClientError as error:
            unasked[name] = f"{error.operation_name}: {error.response['Error']['Code']}"
        except (BotoCoreError, LookupError, ValueError) as error:  # the last two: an answer of another form
            unasked[name] = type(error).__name__
    return answers, unasked


def _refused_data(scene: Scene) -> RefusedData:
    step = scene.runs[Purpose.BROKEN].steps["EmpBonusDataQuality"]
    job = scene.aws.sagemaker.describe_processing_job(ProcessingJobName=step.job)
    (output,) = job["ProcessingOutputConfig"]["Outputs"]
    bucket, _, prefix = output["S3Output"]["S3Uri"].removeprefix("s3://").partition("/")
    found = scene.aws.s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/")
    return RefusedData(job.get("FailureReason", ""), job.get("ExitMessage", ""), bool(found.get("Contents")))


def _log_streams(scene: Scene) -> list[str]:
    steps = scene.runs[Purpose.GOOD].steps
    logs, found = scene.aws.client("logs"), []
    for name, group in LOG_GROUPS.items():
        streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=steps[name].job)["logStreams"]
        found += [each["logStreamName"] for each in streams]
    return found


def _tags(scene: Scene) -> dict[str, dict[str, str]]:
    deployment = scene.deployment
    pipeline = deployment.arn("sagemaker", f"pipeline/{deployment.stage.pipeline_name}")
    found = {
        what: {tag["Key"]: tag["Value"] for tag in scene.aws.sagemaker.list_tags(ResourceArn=arn)["Tags"]}
        for what, arn in {"pipeline": pipeline, "model package group": deployment.group}.items()
    }
    return {what: {key: tags[key] for key in deployment.stage.tags if key in tags} for what, tags in found.items()}


def _metrics(scene: Scene) -> dict[str, float]:
    queries = [_query(f"m{number}", name, scene) for number, name in enumerate(METRICS)]
    found = scene.aws.client("cloudwatch").get_metric_data(
        MetricDataQueries=queries, StartTime=scene.since, EndTime=scene.until + timedelta(seconds=PERIOD_S)
    )["MetricDataResults"]
    return {METRICS[int(each["Id"][1:])]: sum(each["Values"]) for each in found if each["Values"]}


def _query(id_: str, name: str, scene: Scene) -> dict[str, Any]:
    metric, _, step = name.partition(" of ")
    dimensions = {"PipelineName": scene.deployment.stage.pipeline_name, **({"StepName": step} if step else {})}
    named = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    measured = {"Namespace": NAMESPACE, "MetricName": metric, "Dimensions": named}
    return {"Id": id_, "MetricStat": {"Metric": measured, "Period": PERIOD_S, "Stat": "Sum"}}


def _alarm(scene: Scene) -> Alarm:
    name, kinds = scene.deployment.fault_alarm, ["CompositeAlarm"]
    cloudwatch = scene.aws.client("cloudwatch")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=kinds)["CompositeAlarms"]
    pages = cloudwatch.get_paginator("describe_alarm_history").paginate(
        AlarmName=name, AlarmTypes=kinds, StartDate=scene.since, ScanBy="TimestampAscending"
    )
    history = [each["HistorySummary"] for page in pages for each in page["AlarmHistoryItems"]]
    return Alarm(name, alarm["StateValue"], alarm.get("ActionsSuppressedBy", ""), history)


QUESTIONS: Mapping[str, Callable[[Scene], Any]] = {
    "refused_data": _refused_data,
    "log_streams": _log_streams,
    "tags": _tags,
    "metrics": _metrics,
    "alarm": _alarm,
    "calls": lambda scene: find_calls(scene.deployment, scene.aws, scene.since),
}
