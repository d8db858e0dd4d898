"""There is an alarm for what fails, for what does not come, and for what nobody would hear of."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from settings import Operations, Schedule, find_stage
from stacks.operations.overdue_alarm import AlarmError, look_back_hours
from tests.stacks.metric_alarm import Reading, Series, state_of
from tests.stacks.operated import ROOT, Resource, Template, operated, resources
from tests.stacks.synthesis import changed

NAMESPACE = "AWS/Sagemaker/ModelBuildingPipeline"
METRIC_ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE = "AWS::CloudWatch::CompositeAlarm"


@pytest.fixture(scope="module")
def template() -> Template:
    return operated(find_stage("prod"))


def alarm(template: Template, name: str) -> Resource:
    return resources(template, METRIC_ALARM)[f"Alarms/{name}/Resource"]


def dimensions(found: Resource) -> dict[str, Any]:
    return {each["Name"]: each["Value"] for each in found["Dimensions"]}


def referred(value: Any) -> list[str]:
    """Return the paths of the alarms that *value* refers to by their logical ids."""
    return re.findall(r"OperationsAlarms(\w+?)[0-9A-F]{8}", json.dumps(value))


def schedule(expression: str, period_hours: int, *, enabled: bool = True) -> Schedule:
    return Schedule(expression=expression, period_hours=period_hours, enabled=enabled)


def test_failed_execution_raises_the_alarm_unless_the_gate_rejected_a_model(template: Template) -> None:
    failed, rejected = (alarm(template, f"Fault/{name}") for name in ("Failed", "Rejected"))
    assert (failed["Namespace"], failed["MetricName"]) == (NAMESPACE, "ExecutionFailed")
    assert dimensions(failed) == {"PipelineName": "emp-bonus-training-pipeline"}
    assert (rejected["Namespace"], rejected["MetricName"]) == (NAMESPACE, "StepFailed")
    assert dimensions(rejected) == {"PipelineName": "emp-bonus-training-pipeline", "StepName": "EmpBonusRejected"}
    fault = resources(template, COMPOSITE)["Alarms/Fault/Resource"]
    assert (referred(fault["AlarmRule"]), referred(fault["ActionsSuppressor"])) == (["FaultFailed"], ["FaultRejected"])


def test_fault_alarm_waits_for_word_of_a_rejection_and_does_not_clear_before(template: Template) -> None:
    failed, rejected = (alarm(template, f"Fault/{name}") for name in ("Failed", "Rejected"))
    fault = resources(template, COMPOSITE)["Alarms/Fault/Resource"]
    for each in (failed, rejected):
        assert each["Period"] * each["EvaluationPeriods"] > fault["ActionsSuppressorWaitPeriod"]
        assert each["Period"] < fault["ActionsSuppressorWaitPeriod"]
        assert each["DatapointsToAlarm"] == 1
    assert fault["ActionsSuppressorExtensionPeriod"] == fault["ActionsSuppressorWaitPeriod"]


def test_start_that_waits_in_the_queue_raises_an_alarm(template: Template) -> None:
    found = alarm(template, "FailedStarts")
    assert (found["Namespace"], found["MetricName"], found["Statistic"]) == (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "Maximum",
    )
    (queue,) = (id_ for id_, each in template["Resources"].items() if each["Type"] == "AWS::SQS::Queue")
    assert dimensions(found) == {"QueueName": {"Fn::GetAtt": [queue, "QueueName"]}}


def test_every_rule_that_cannot_deliver_raises_an_alarm_that_of_a_notification_too(template: Template) -> None:
    names = [name for name, each in template["Resources"].items() if each["Type"] == "AWS::Events::Rule"]
    found = [each for path, each in resources(template, METRIC_ALARM).items() if path.endswith("Delivery/Resource")]
    assert {each["MetricName"] for each in found} == {"FailedInvocations"}
    assert {each["Namespace"] for each in found} == {"AWS/Events"}
    assert sorted(dimensions(each)["RuleName"]["Ref"] for each in found) == sorted(names)
    assert len(names) == 5


def test_prod_raises_an_alarm_when_no_model_was_judged_in_a_period_and_a_day(template: Template) -> None:
    overdue = alarm(template, "Overdue/Resource")
    watched, *metrics = overdue["Metrics"]
    assert watched["Expression"] == "FILL(succeeded, 0) + FILL(rejected, 0)"
    assert [each.get("ReturnData", True) for each in overdue["Metrics"]] == [True, False, False]
    succeeded, rejected = (each["MetricStat"] for each in metrics)
    for stat, name in ((succeeded, "ExecutionSucceeded"), (rejected, "StepFailed")):
        assert (stat["Metric"]["Namespace"], stat["Metric"]["MetricName"]) == (NAMESPACE, name)
        assert dimensions(stat["Metric"])["PipelineName"] == "emp-bonus-training-pipeline"
        assert (stat["Stat"], stat["Period"]) == ("Sum", 3_600)
    assert dimensions(rejected["Metric"])["StepName"] == "EmpBonusRejected"
    assert overdue["EvaluationPeriods"] == 96 + 24
    assert "DatapointsToAlarm" not in overdue, "all of them"


READINGS = [
    Reading(periods_beyond=beyond, fills_the_unknown=fills) for beyond in (0, 2, 120) for fills in (True, False)
]
"""Whatever the guide leaves open."""


def judged(*hours_ago: int) -> Series:
    """Return a metric of the last three weeks that counted one so many hours ago, and is silent else."""
    return [1.0 if ago in hours_ago else None for ago in range(21 * 24, -1, -1)]


NEVER = judged()
TWICE_A_WEEK = judged(*(week * 168 + hours for week in range(3) for hours in (50, 146)))


@pytest.mark.parametrize(
    ("succeeded", "rejected", "state"),
    [
        (NEVER, NEVER, "ALARM"),
        (judged(0), NEVER, "OK"),
        (judged(119), NEVER, "OK"),
        (judged(120), NEVER, "ALARM"),
        (NEVER, judged(119), "OK"),
        (NEVER, judged(120), "ALARM"),
        (judged(500), judged(300), "ALARM"),
        (TWICE_A_WEEK, judged(400), "OK"),
        (judged(*range(500)), NEVER, "OK"),
        (judged(*range(120, 500)), judged(*range(120, 500)), "ALARM"),
        ([0.0] * 500, [0.0] * 500, "ALARM"),
    ],
)
def test_alarm_of_overdue_models_looks_back_exactly_as_long_as_it_says(
    template: Template, succeeded: Series, rejected: Series, state: str
) -> None:
    data = {"ExecutionSucceeded": succeeded, "StepFailed": rejected}
    for reading in READINGS:
        assert state_of(alarm(template, "Overdue/Resource"), data, reading=reading) == state, reading


def test_alarm_on_a_plain_sparse_metric_would_be_silent_for_longer_than_it_says() -> None:
    plain = {"MetricName": "ExecutionSucceeded", "ComparisonOperator": "LessThanThreshold", "Threshold": 1}
    alarms = {**plain, "EvaluationPeriods": 120, "TreatMissingData": "breaching"}
    assert state_of(alarms, {"ExecutionSucceeded": judged(121)}) == "OK"


def test_every_other_alarm_is_raised_by_one_datapoint_and_silent_without_any(template: Template) -> None:
    others = {path: each for path, each in resources(template, METRIC_ALARM).items() if "Overdue" not in path}
    assert len(others) == 8
    for path, each in others.items():
        for reading in READINGS:
            for values, state in (([None] * 200, "OK"), ([*([None] * 200), 1.0], "ALARM"), ([0.0] * 200, "OK")):
                assert state_of(each, {each["MetricName"]: values}, before="ALARM", reading=reading) == state, path


@pytest.mark.parametrize(
    "stage",
    [
        find_stage("dev"),
        changed("prod", operations=Operations(missed_periods=None)),
        changed("prod", schedule=schedule("cron(0 5 ? * MON *)", 168, enabled=False)),
    ],
    ids=["dev", "nobody asked", "no schedule"],
)
def test_overdue_alarm_is_absent_without_a_schedule(stage: Any) -> None:
    template = operated(stage)
    assert list(resources(template, COMPOSITE)) == ["Alarms/Fault/Resource"]
    assert {each["TreatMissingData"] for each in resources(template, METRIC_ALARM).values()} == {"notBreaching"}


def test_missing_data_raises_no_alarm_but_the_overdue_one(template: Template) -> None:
    for path, each in resources(template, METRIC_ALARM).items():
        assert each["TreatMissingData"] == ("breaching" if "Overdue" in path else "notBreaching"), path


def test_every_alarm_notifies_or_is_part_of_one_that_does(template: Template) -> None:
    composites = resources(template, COMPOSITE)
    parts = {name for each in composites.values() for name in referred(each)}
    for path, each in {**resources(template, METRIC_ALARM), **composites}.items():
        if "".join(path.split("/")[1:-1]) in parts:
            assert "AlarmActions" not in each, path
        else:
            (topic,) = each["AlarmActions"]
            assert topic["Ref"].startswith("OperationsNotificationsTopic"), path


def test_every_alarm_says_what_happened_and_names_a_runbook_that_is_there(template: Template) -> None:
    for path, each in {**resources(template, METRIC_ALARM), **resources(template, COMPOSITE)}.items():
        what, runbook = each["AlarmDescription"].split(" What to do: ")
        assert what.endswith("."), path
        assert Path(ROOT, runbook).is_file(), runbook


def test_no_alarm_looks_back_further_than_cloudwatch_does_or_on_more_metrics(template: Template) -> None:
    for path, each in resources(template, METRIC_ALARM).items():
        periods = [query["MetricStat"]["Period"] for query in each.get("Metrics", []) if "MetricStat" in query]
        (period_s,) = set(periods or [each["Period"]])
        longest_s = 7 * 86_400 if period_s >= 3_600 else 86_400
        assert period_s * each["EvaluationPeriods"] <= longest_s, path
        assert len(periods) <= 10, "alarm limits of the CloudWatch user guide"


def test_schedule_that_no_alarm_can_look_back_on_is_refused() -> None:
    stage = changed("prod", schedule=schedule("cron(0 4 1 * ? *)", 744))
    with pytest.raises(
        AlarmError,
        match=r"operations\.missed_periods is 1, of 744 hours: with 24 more as a margin the alarm would look back 768"
        " hours, and 168 is the most that CloudWatch does; start more often, or set missed_periods=None",
    ):
        operated(stage)


def test_look_back_is_limited_to_seven_days() -> None:
    assert look_back_hours(schedule("cron(0 4 ? * MON *)", 144), 1) == 168
    with pytest.raises(AlarmError):
        look_back_hours(schedule("cron(0 4 ? * MON *)", 145), 1)
    assert look_back_hours(schedule("rate(1 day)", 24), 6) == 168
    with pytest.raises(AlarmError):
        look_back_hours(schedule("rate(1 day)", 24), 7)


def test_stage_with_another_name_has_alarms_of_its_own_pipeline() -> None:
    stage = dataclasses.replace(find_stage("prod"), name="another")
    found = json.dumps(list(resources(operated(stage), METRIC_ALARM).values()))
    assert set(re.findall(r'"Name": "PipelineName", "Value": "([^"]+)"', found)) == {
        "emp-bonus-training-pipeline-another"
    }
