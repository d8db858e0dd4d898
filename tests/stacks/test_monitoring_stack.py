"""What a watched stage deploys: a pipeline on a schedule, messages of drift and of faults, a training if asked for."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from functions.publish_quality import DIMENSION, METRICS, NAMESPACE
from pipeline_definition import names
from processing.monitoring.verdict import Supply, Verdict, decide, describe
from settings import Monitoring
from stacks.monitoring.plan import plan_monitoring
from tests.conftest import Golden
from tests.security.deployed_stage import ACCOUNT, ChampionUseStage
from tests.stacks.conftest import DEPLOYING
from tests.stacks.event_bridge import matches, render
from tests.stacks.metric_alarm import state_of
from tests.stacks.operated import ROOT, sample
from tests.stacks.synthesis import Synthesis, changed
from tests.stacks.test_stacks import reviewed

STEPS = {
    "monitoring": (names.FIND_CHAMPION_STEP, names.FIND_TRAFFIC_STEP, names.MONITORING_STEP, names.DRIFT_CHECK_STEP),
    "scoring": (names.FIND_CHAMPION_STEP, names.SCORING_STEP, names.MONITORING_STEP, names.DRIFT_CHECK_STEP),
}
ARN = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:pipeline/"
DRIFTED = "1,000 records in 24 hours: age is 0.8 standard deviations apart"


def rules(synthesis: Synthesis, use: str) -> dict[str, Any]:
    """Return the rules of a stack by name, with the ARNs that they have when they are deployed."""
    deployed = ChampionUseStage.using(DEPLOYING, synthesis, use).own.resources("AWS::Events::Rule")
    return {each.path.removesuffix("/Resource").rpartition("/")[2]: each.properties for each in deployed}


def failed(part: str, step: str, reason: str | None = "AlgorithmError: , exit code: 1") -> dict[str, Any]:
    return sample("failed_step", pipelineArn=f"{ARN}emp-bonus-{part}-pipeline", stepName=step, failureReason=reason)


def told(found: dict[str, Any], event: dict[str, Any]) -> list[str]:
    return [name for name, rule in found.items() if "EventPattern" in rule and matches(rule["EventPattern"], event)]


def test_template_of_the_monitoring_is_the_reviewed_one(deploying: Synthesis, golden: Golden) -> None:
    golden.check(reviewed({"prod": deploying}, "prod", "monitoring"))


def test_stage_that_is_not_watched_has_no_trace_of_it(stages: dict[str, Synthesis]) -> None:
    for found in stages.values():
        assert found.monitoring == {"Resources": {}}
        for template in (*found.templates, found.scoring):
            # But for the folder of what was found before the watch was switched off, which expires.
            assert re.findall(r"[Mm]onitor(?!ing/)|Drifted|PublishQuality|ChampionWorse", json.dumps(template)) == []


def test_schedule_starts_the_monitoring_with_its_time_as_the_end_of_the_window(deploying: Synthesis) -> None:
    found = rules(deploying, "monitoring")["MonitoringStart"]
    assert (found["ScheduleExpression"], found["State"]) == ("cron(0 0 * * ? *)", "ENABLED")
    (target,) = found["Targets"]
    assert target["Arn"] == f"{ARN}{DEPLOYING.monitoring_pipeline_name}"
    parameters = target["SageMakerPipelineParameters"]["PipelineParameterList"]
    assert parameters == [{"Name": "WindowEnd", "Value": "$.time"}]
    assert target["DeadLetterConfig"]


@pytest.mark.parametrize("part", STEPS)
@pytest.mark.parametrize("reason", [DRIFTED, "AlgorithmError: , exit code: 1", "", None])
def test_each_failed_step_is_told_once_and_drift_apart_from_faults(
    deploying: Synthesis, part: str, reason: str | None
) -> None:
    found = rules(deploying, part)
    for step in STEPS[part]:
        assert told(found, failed(part, step, reason)) == ["Failed"], step
    assert told(found, failed(part, names.DRIFTED_STEP, reason)) == ["Drifted"]
    assert told(found, failed("another", names.DRIFTED_STEP, reason)) == []
    assert told(found, sample("stopped_execution", pipelineArn=f"{ARN}emp-bonus-{part}-pipeline")) == ["Unfinished"]


@pytest.mark.parametrize(
    ("part", "first"),
    [
        ("monitoring", "[prod] DRIFTED: requests are not like the training data, or the model is worse"),
        ("scoring", "[prod] DRIFTED: the records are not like the training data; the predictions are written"),
    ],
)
def test_message_of_drift_says_what_has_drifted_and_is_no_fault(deploying: Synthesis, part: str, first: str) -> None:
    transformer = rules(deploying, part)["Drifted"]["Targets"][0]["InputTransformer"]
    lines = [line[1:-1] for line in render(transformer, failed(part, names.DRIFTED_STEP, DRIFTED)).splitlines()]
    assert lines[0] == first
    assert lines[2:4] == [f"Reason: {DRIFTED}", "What to do: docs/runbooks/drifted-traffic.md"]
    assert (ROOT / "docs/runbooks/drifted-traffic.md").is_file()


def test_failed_scoring_does_not_say_that_predictions_are_missing_where_they_are_there(deploying: Synthesis) -> None:
    transformer = rules(deploying, "scoring")["Failed"]["Targets"][0]["InputTransformer"]
    headline = render(transformer, failed("scoring", names.MONITORING_STEP)).splitlines()[0]
    assert headline == '"[prod] SCORING FAILED: there are no predictions, unless the step is EmpBonusMonitor"'


def reason(verdict: Verdict, *, newer: bool) -> str:
    """Return what the job says of a window where the stage retrains, and where there is *newer* data or not."""
    end = datetime(2026, 11, 27, 6, tzinfo=UTC)
    supply = Supply(
        retrain=True, newest_raw=end if newer else end - timedelta(days=9), champion_data=end - timedelta(1)
    )
    return describe(verdict, [DRIFTED], decide(verdict, supply, end, [])[1])


@pytest.mark.parametrize(
    ("step", "reason", "starts"),
    [
        (names.DRIFTED_STEP, reason(Verdict.DRIFTED, newer=True), True),
        (names.DRIFTED_STEP, reason(Verdict.WORSE, newer=True), True),
        (
            names.DRIFTED_STEP,
            f"{reason(Verdict.DRIFTED, newer=True)}. Retry not appropriate on execution of step",
            True,
        ),
        (names.DRIFTED_STEP, reason(Verdict.DRIFTED, newer=False), False),
        (names.DRIFTED_STEP, reason(Verdict.SEVERE, newer=True), False),
        (names.DRIFTED_STEP, DRIFTED, False),
        (names.DRIFTED_STEP, None, False),
        (names.MONITORING_STEP, reason(Verdict.DRIFTED, newer=True), False),
    ],
)
def test_drift_starts_a_training_if_its_message_says_so_and_not_else(
    deploying: Synthesis, step: str, reason: str | None, starts: bool
) -> None:
    found = rules(deploying, "monitoring")["DriftStart"]
    assert matches(found["EventPattern"], failed("monitoring", step, reason)) is starts


def test_training_starts_with_the_time_of_the_drift_as_a_role_that_may_start_it_alone(deploying: Synthesis) -> None:
    found = rules(deploying, "monitoring")["DriftStart"]
    (target,) = found["Targets"]
    assert target["Arn"] == f"{ARN}{DEPLOYING.pipeline_name}"
    parameters = target["SageMakerPipelineParameters"]["PipelineParameterList"]
    assert parameters == [{"Name": "DataVersion", "Value": "$.time"}]
    assert target["DeadLetterConfig"]
    role = ChampionUseStage.using(DEPLOYING, deploying, "monitoring").with_arn(target["RoleArn"])
    assert role
    (policy,) = role.properties["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("sagemaker:StartPipelineExecution", target["Arn"])


@pytest.mark.parametrize(
    ("retrain", "expected"), [(False, ["MonitoringStart"]), (True, ["MonitoringStart", "DriftStart"])]
)
def test_training_is_started_by_drift_only_where_the_stage_asks_for_it(retrain: bool, expected: list[str]) -> None:
    stack = cdk.Stack(cdk.App(), "Monitoring")
    plan = plan_monitoring(
        changed("dev", monitoring=Monitoring(retrain=retrain)), "{}", s3.Bucket(stack, "Data"), kms.Key(stack, "Key")
    )
    starts = plan.add_starts(stack, "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/x", sqs.Queue(stack, "Queue"))
    assert list(starts) == expected
    assert (stack.node.try_find_child("DriftStart") is not None) is retrain
    assert starts["MonitoringStart"].state == "DISABLED"


def test_findings_expire_by_a_date_of_their_own_and_the_key_encrypts_the_stacks_messages(deploying: Synthesis) -> None:
    bucket = next(each for path, each in deploying.resources("AWS::S3::Bucket").items() if "/DataBucket/" in path)
    expiring = {
        each.get("Prefix"): each.get("ExpirationInDays")
        for each in bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    }
    assert expiring["monitoring/"] == DEPLOYING.retention.monitoring_days
    policy = json.dumps(deploying.one("AWS::KMS::Key")["Properties"]["KeyPolicy"])
    for resource in ("alarm:", "log-group:"):
        assert f"{resource}{DEPLOYING.monitoring_stack}-*" in policy


def test_what_waits_and_what_is_logged_is_encrypted_with_the_key(deploying: Synthesis) -> None:
    members = {
        "AWS::SQS::Queue": "KmsMasterKeyId",
        "AWS::Logs::LogGroup": "KmsKeyId",
        "AWS::SNS::Topic": "KmsMasterKeyId",
    }
    found = [each for each in deploying.monitoring["Resources"].values() if each["Type"] in members]
    assert len(found) == 4
    assert all("Key" in json.dumps(each["Properties"][members[each["Type"]]]) for each in found)


def worse_champion(synthesis: Synthesis) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = (
        each["Properties"]
        for path, each in synthesis.resources("AWS::CloudWatch::Alarm").items()
        if path.endswith("/ChampionWorse/Resource")
    )
    return found


def test_champion_that_is_significantly_worse_raises_an_alarm(deploying: Synthesis) -> None:
    found = worse_champion(deploying)
    assert (found["Namespace"], found["MetricName"]) == (NAMESPACE, METRICS[-1])
    assert found["Dimensions"] == [{"Name": DIMENSION, "Value": DEPLOYING.pipeline_name}]
    for values, state in (([None] * 9, "OK"), ([None, 1.0], "ALARM"), ([None, 0.0], "OK")):
        assert state_of(found, {"ChampionWorse": values}) == state
    runbook = found["AlarmDescription"].rpartition("What to do: ")[2]
    assert (runbook, (ROOT / runbook).is_file()) == ("docs/runbooks/worse-champion.md", True)
    (topic,) = found["AlarmActions"]
    assert "OperationsNotificationsTopic" in json.dumps(topic)


def test_dashboard_of_a_watched_stage_shows_the_errors_of_champion_and_challenger(deploying: Synthesis) -> None:
    body = json.dumps(deploying.one("AWS::CloudWatch::Dashboard")["Properties"]["DashboardBody"]).replace("\\", "")
    for name in METRICS[:2]:
        assert f'["{NAMESPACE}","{name}","{DIMENSION}","{DEPLOYING.pipeline_name}"' in body
