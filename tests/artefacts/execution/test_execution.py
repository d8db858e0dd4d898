"""One model of an execution: what is read of a record and of a definition, and what follows from it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from artefacts.definition.instances import Instances, find_instances
from artefacts.execution import Execution, Step
from artefacts.execution.document import read_document
from artefacts.execution.plan import add_plan, make_plan

START = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
PROCESSING = {
    "ProcessingResources": {"ClusterConfig": {"InstanceType": {"Get": "Parameters.Type"}, "InstanceCount": 2}}
}
TRAINING = {"ResourceConfig": {"InstanceType": "ml.c5.xlarge", "InstanceCount": {"Get": "Parameters.Count"}}}
SEARCH = {
    "TrainingJobDefinition": TRAINING,
    "HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxParallelTrainingJobs": 4}},
}


@pytest.mark.parametrize(
    ("arguments", "instances"),
    [
        (PROCESSING, Instances("ml.m5.large", 2)),
        (TRAINING, Instances("ml.c5.xlarge", 3)),
        (SEARCH, Instances("ml.c5.xlarge", 12)),
        ({"ModelPackageGroupName": "x"}, None),
    ],
)
def test_instances_of_a_step_have_the_values_of_parameters(arguments: Any, instances: Instances | None) -> None:
    assert find_instances(arguments, {"Type": "ml.m5.large", "Count": "3"}) == instances


def test_plan_adds_instances_and_the_steps_that_have_not_started() -> None:
    steps = [{"Name": "A", "Type": "Training", "Arguments": TRAINING}, {"Name": "B", "Type": "Fail"}]
    execution = Execution(steps=(Step(name="A", status="Executing"), Step(name="Old", status="Succeeded")))
    planned = add_plan(execution, make_plan({"Steps": steps}, {"Count": "1"}))
    assert [(each.name, each.type, each.status, each.instances) for each in planned.steps] == [
        ("A", "Training", "Executing", Instances("ml.c5.xlarge", 1)),
        ("Old", "", "Succeeded", None),
        ("B", "Fail", "", None),
    ]


def test_damaged_record_is_empty_where_it_is_damaged() -> None:
    damaged = {
        "PipelineExecutionStatus": 7,
        "CreationTime": "yesterday",
        "PipelineExecutionSteps": [None, {"StepName": "A"}],
    }
    execution = read_document(damaged)
    assert (execution.status, execution.created, execution.id) == ("", None, "")
    assert [step.name for step in execution.steps] == ["", "A"]


def test_times_are_to_the_end_or_to_now_and_a_cached_step_uses_no_instance() -> None:
    now, end, one = START + timedelta(hours=3), START + timedelta(hours=1), Instances("ml.x", 2)
    running, ended = Step(started=START, instances=one), Step(started=START, ended=end, instances=one)
    assert (running.elapsed_s(now), ended.elapsed_s(now), Step().elapsed_s(now)) == (10_800, 3_600, None)
    assert (running.instance_hours(now), ended.instance_hours(now)) == (6, 2)
    assert Step(started=START, ended=end, instances=one, cache_source="arn").instance_hours(now) == 0
    execution = Execution(status="Executing", created=START, modified=end)
    assert execution.elapsed_s(now) == 10_800
    assert Execution(status="Failed", created=START, modified=end).elapsed_s(now) == 3_600


def test_job_of_a_step_is_its_own_and_not_that_of_a_reused_result() -> None:
    made = {"TrainingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:1:training-job/train-1"}}
    assert (Step(made=made).job_kind, Step(made=made).job) == ("TrainingJob", "train-1")
    assert Step(made=made, cache_source="arn").job == ""
    assert Step(made={"Lambda": {"Arn": "arn"}}).job == ""
