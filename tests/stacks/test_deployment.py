"""What the deployment stack deploys: a machine that is readable, alarms that it names, rules that wake it."""

import dataclasses
import json
from typing import Any

import pytest

from pipeline_definition import names
from settings import Autoscaling, Deployment
from stacks.deployment.machine import build_machine
from stacks.deployment.plan import EndpointPlan, digest
from tests.conftest import Golden
from tests.golden_files import Reviewed
from tests.stacks.conftest import DEPLOYING
from tests.stacks.event_bridge import matches
from tests.stacks.synthesis import Synthesis

PLAN = EndpointPlan(
    endpoint_name="emp-bonus-dev",
    model_package_group="EmpBonusPackageGroup-dev",
    options=Deployment(),
    network=None,
    serving_role_arn="arn:aws:iam::111122223333:role/Serving",
    key_arn="arn:aws:kms:eu-west-1:111122223333:key/0",
    capture_uri="s3://data/capture",
    alarm_names=("errors", "latency"),
)


def plan(**options: Any) -> EndpointPlan:
    return dataclasses.replace(PLAN, options=dataclasses.replace(PLAN.options, **options))


def rule(synthesis: Synthesis, name: str) -> dict[str, Any]:
    path = f"{DEPLOYING.deployment_stack}/{name}/Resource"
    properties: dict[str, Any] = synthesis.resources("AWS::Events::Rule")[path]["Properties"]
    return properties


def test_template_with_the_machine_is_the_reviewed_one(deploying: Synthesis, golden: Golden) -> None:
    golden.check(Reviewed("prod/deployment.template.json", json.dumps(deploying.deployment, indent=2) + "\n"))


def test_stage_without_an_endpoint_has_no_such_stack(stages: dict[str, Synthesis]) -> None:
    assert {name: each.deployment["Resources"] for name, each in stages.items()} == {"dev": {}, "prod": {}}


def test_every_state_is_reached_and_leads_to_one_that_is_there() -> None:
    for options in ({}, {"autoscaling": Autoscaling()}):
        machine = build_machine(plan(**options), "0a1b2c3d")
        targets = {machine["StartAt"], *named(machine["States"], "Next"), *named(machine["States"], "Default")}
        assert targets == machine["States"].keys()


def named(node: Any, member: str) -> set[str]:
    """Return every text that is a *member* of something in *node*."""
    match node:
        case dict():
            own = {node[member]} if isinstance(node.get(member), str) else set()
            return own.union(*(named(each, member) for each in node.values()))
        case list():
            return set().union(*(named(each, member) for each in node))
        case _:
            return set()


@pytest.mark.parametrize(
    "options",
    [{"instance_type": "ml.m5.xlarge"}, {"instance_count": 3}, {"capture_percent": 1}, {"autoscaling": Autoscaling()}],
)
def test_changed_settings_have_names_of_their_own(options: dict[str, Any]) -> None:
    assert digest(plan(**options).settings) != digest(PLAN.settings)


def test_what_is_sent_with_every_update_changes_no_name() -> None:
    assert digest(plan(canary=None).settings) == digest(PLAN.settings)


def test_answers_are_kept_if_asked_for_and_requests_never() -> None:
    assert "DataCaptureConfig" not in PLAN.configuration
    capture = plan(capture_percent=20).configuration["DataCaptureConfig"]
    assert capture["CaptureOptions"] == [{"CaptureMode": "Output"}]
    assert (capture["InitialSamplingPercentage"], capture["KmsKeyId"]) == (20, PLAN.key_arn)
    assert capture["CaptureContentTypeHeader"]["JsonContentTypes"] == list(names.RAW_RESPONSE_TYPES)


def test_kept_answers_have_figures_and_others_do_not() -> None:
    assert "environment" not in PLAN.settings
    kept = plan(capture_percent=20)
    assert kept.settings["environment"] == {names.ANSWER_FIGURES_VARIABLE: "true"}
    for each, told in ((PLAN, False), (kept, True)):
        (container,) = build_machine(each, "0a1b2c3d")["States"]["CreateModel"]["Arguments"]["Containers"]
        assert (f"'{names.ANSWER_FIGURES_VARIABLE}': 'true'" in container["Environment"]) is told


def test_all_traffic_moves_at_once_without_a_canary_and_alarms_still_watch() -> None:
    update = plan(canary=None).watched
    assert update["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]["Type"] == "ALL_AT_ONCE"
    assert update["AutoRollbackConfiguration"]["Alarms"] == [{"AlarmName": "errors"}, {"AlarmName": "latency"}]


@pytest.mark.parametrize(
    ("group", "status", "wakes"),
    [
        ("EmpBonusPackageGroup", "Approved", True),
        ("EmpBonusPackageGroup", "Rejected", True),
        ("EmpBonusPackageGroup", "PendingManualApproval", False),
        ("EmpBonusPackageGroup-dev", "Approved", False),
    ],
)
def test_decision_about_a_model_of_the_own_group_wakes_the_machine(
    deploying: Synthesis, group: str, status: str, wakes: bool
) -> None:
    event = {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Model Package State Change",
        "detail": {"ModelPackageGroupName": group, "ModelApprovalStatus": status},
    }
    found = rule(deploying, "Decided")
    assert matches(found["EventPattern"], event) is wakes
    assert json.loads(found["Targets"][0]["Input"]) == {"retry": True}


def test_hourly_pass_does_not_try_again_what_failed(deploying: Synthesis) -> None:
    found = rule(deploying, "Hourly")
    assert found["ScheduleExpression"] == "rate(1 hour)"
    assert json.loads(found["Targets"][0]["Input"]) == {"retry": False}


@pytest.mark.parametrize(
    ("status", "told"),
    [("FAILED", True), ("TIMED_OUT", True), ("ABORTED", True), ("SUCCEEDED", False), ("RUNNING", False)],
)
def test_execution_that_did_not_succeed_is_told_with_its_reason_and_runbook(
    deploying: Synthesis, status: str, told: bool
) -> None:
    found = rule(deploying, "ToldFailures")
    detail = found["EventPattern"]["detail"]
    assert (status in detail["status"]) is told
    text = found["Targets"][0]["InputTransformer"]["InputTemplate"]
    assert "Reason: <cause>" in text
    assert "docs/runbooks/failed-deployment.md" in text


def test_alarms_of_an_update_are_those_of_the_stack_so_they_exist_before(deploying: Synthesis) -> None:
    machine = deploying.one("AWS::StepFunctions::StateMachine")["Properties"]["Definition"]
    update = machine["States"]["UpdateEndpoint"]["Arguments"]["DeploymentConfig"]
    named = [each["AlarmName"]["Ref"] for each in update["AutoRollbackConfiguration"]["Alarms"]]
    alarms = {name: deploying.deployment["Resources"][name]["Properties"]["MetricName"] for name in named}
    assert sorted(alarms.values()) == ["Invocation5XXErrors", "ModelLatency"]
    latency = next(name for name, metric in alarms.items() if metric == "ModelLatency")
    assert deploying.deployment["Resources"][latency]["Properties"]["Threshold"] == 500_000, "microseconds"


def test_answers_of_the_endpoint_expire_and_models_do_not(deploying: Synthesis) -> None:
    bucket = next(each for path, each in deploying.resources("AWS::S3::Bucket").items() if "/DataBucket/" in path)
    rules = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    assert {each["Prefix"] for each in rules if "ExpirationInDays" in each} == {
        "executions/",
        "predictions/",
        "capture/",
        "monitoring/",
    }
