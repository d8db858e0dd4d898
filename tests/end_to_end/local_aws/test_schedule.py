"""The schedule that was deployed starts the pipeline."""

import re
import time
from datetime import datetime

from settings import find_stage
from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import Execution, data_bucket, executions

DEADLINE_S = 90.0
"""A minute, and some more for the server to notice."""


def first_execution(aws: LocalAws) -> Execution:
    """Wait for the first execution that nobody here has started."""
    deadline = time.monotonic() + DEADLINE_S
    everything = f"s3://{data_bucket(aws)}/raw/"  # tests start it on folders of their own
    while not (found := [each for each in executions(aws) if each.parameters()["InputData"] == everything]):
        assert time.monotonic() < deadline, "the schedule has started nothing"
        time.sleep(0.2)
    rule = f"{aws.stage.pipeline_stack}-ScheduledStart"
    aws.client("events").disable_rule(Name=rule)  # or each minute another one runs beside the other tests
    return found[-1]


def test_rule_of_one_minute_starts_an_execution_with_its_parameters(scheduled: LocalAws) -> None:
    parameters = first_execution(scheduled).parameters()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", parameters["DataVersion"]), "it is not the event's time"
    assert datetime.fromisoformat(parameters["DataVersion"])
    assert parameters["TrainingInstanceType"] == find_stage("dev").training.instance_type


def test_alarm_of_overdue_models_is_there_with_its_expression(scheduled: LocalAws) -> None:
    name = f"{scheduled.stage.pipeline_stack}-Overdue"
    (alarm,) = scheduled.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["Metrics"][0]["Expression"] == "FILL(succeeded, 0) + FILL(rejected, 0)"
    assert alarm["EvaluationPeriods"] == 25
