"""Whatever happens to the registry or to the endpoint, the machine brings the newest approved version into service.

The machine is that of the template, run in MiniStack's interpreter in the template's role.
"""

import dataclasses
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import ministack.app
import pytest
from ministack.services import stepfunctions

from local_aws import application_auto_scaling
from local_aws.sagemaker import api, inference, records, service
from local_aws.step_functions import objects, task_roles
from pipeline_definition import build_definition
from settings import Autoscaling, Deployment, find_stage
from tests.local_aws.deployments import Account, Machine, answer, bucket_with_smoke_tests, package, refuse
from tests.local_aws.iam_roles import allow, make_role
from tests.stacks.synthesis import synthesize

OTHER = "0a1b2c3d"
"""Digest of other settings."""


@pytest.fixture(scope="module")
def machine() -> Machine:
    stage = dataclasses.replace(find_stage("dev"), deployment=Deployment(autoscaling=Autoscaling(), capture_percent=5))
    return Machine.of(stage, synthesize(stage, build_definition(stage)))


@pytest.fixture
def account(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Account:
    for table in (records.models, records.configurations, records.endpoints, records.scalable_targets):
        table.clear()
    stepfunctions._state_machines.clear()
    monkeypatch.setattr(stepfunctions, "_SFN_WAIT_SCALE", 0)
    for name in ("_execute_task", "_invoke_aws_sdk_integration"):
        monkeypatch.setattr(stepfunctions, name, getattr(stepfunctions, name))
    monkeypatch.setattr(inference, "answer", answer)
    monkeypatch.setitem(ministack.app.SERVICE_HANDLERS, "sagemaker", service.handle)
    application_auto_scaling.install()
    bucket = bucket_with_smoke_tests()
    monkeypatch.setattr(objects, "client", lambda *_: bucket)
    task_roles.install()
    made = Account(machine, machine.deploy())
    monkeypatch.setattr(api, "OPERATIONS", {name: _heard(made, name, of) for name, of in api.OPERATIONS.items()})
    api.call("CreateModelPackageGroup", {"ModelPackageGroupName": machine.stage.model_package_group_name})
    made.alarm("OK")
    return made


def _heard(account: Account, operation: str, act: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def heard(request: Any) -> Any:
        with _ONE_AT_A_TIME:
            if not operation.startswith(("Describe", "List")):
                account.calls.append(operation)
            if account.refusals.get(operation):
                refuse(account.refusals[operation].pop(0))
            result = act(request)
            account.meanwhile.pop(operation, lambda: None)()
            return result

    return heard


_ONE_AT_A_TIME = threading.RLock()
"""As in the server, whose loop answers one request after the other."""

Arrange = Callable[[Account], object]


class Scenario(NamedTuple):
    """What happened before executions start, and what they find and leave."""

    name: str
    arrange: Arrange
    ends: tuple[str, ...]
    served: str
    """Version and status; `v2 InService`."""
    at_once: int = 1
    retry: bool = True


def in_turn(*steps: Arrange) -> Arrange:
    def arrange(account: Account) -> None:
        for step in steps:
            step(account)

    return arrange


def approve(version: int) -> Arrange:
    return lambda account: account.register(version)


def decide(version: int, status: str) -> Arrange:
    return lambda account: account.decide(version, status)


def serve(version: int, digest: str = "") -> Arrange:
    return lambda account: account.serve(version, digest)


def alarm(account: Account) -> None:
    account.alarm()


def set_status(status: str, **more: Any) -> Arrange:
    def set_(account: Account) -> None:
        endpoint = account.endpoint()
        assert endpoint
        endpoint.update(EndpointStatus=status, **more)

    return set_


def after(operation: str, act: Arrange) -> Arrange:
    def plan(account: Account) -> None:
        account.meanwhile[operation] = lambda: act(account)

    return plan


def refused(operation: str, *words: str) -> Arrange:
    def plan(account: Account) -> None:
        account.refusals[operation] = list(words)

    return plan


def ends_as(status: str) -> Arrange:
    """Let a change that is under way end so; a failed one leaves the old configuration."""

    def end(account: Account) -> None:
        endpoint = account.endpoint()
        assert endpoint
        endpoint["_then"] = {"EndpointStatus": status}

    return end


def scaled(account: Account) -> None:
    resource = f"endpoint/{account.machine.stage.endpoint_name}/variant/AllTraffic"
    records.scalable_targets[resource] = {"ResourceId": resource, "Policies": {}}


ONE_OF_TWO = in_turn(approve(1), serve(1), approve(2))
REJECTED = in_turn(approve(1), approve(2), serve(1), serve(2), decide(2, "Rejected"))
FAILED = in_turn(approve(1), serve(1), set_status("Failed"))
NONE_LEFT = in_turn(approve(1), serve(1), decide(1, "Rejected"))
THROTTLED = in_turn(ONE_OF_TWO, refused("UpdateEndpoint", *["Rate exceeded"] * 3))
SYSTEM_UPDATE = set_status("SystemUpdating", _then={"EndpointStatus": "InService"}, _looks=2)
ROLLED_BACK = in_turn(ONE_OF_TWO, alarm)

SCENARIOS = [
    Scenario("nothing approved", lambda account: account.register(1, "Rejected"), ("NothingToDo",), "nothing"),
    Scenario("first deployment", approve(1), ("Served",), "v1 InService"),
    Scenario("first deployment, three at once", approve(1), ("Served",) * 3, "v1 InService", at_once=3),
    Scenario(
        "first deployment fails",
        in_turn(approve(1), after("CreateEndpoint", ends_as("Failed"))),
        ("EndpointFailed",),
        "v1 Failed",
    ),
    Scenario("update", ONE_OF_TWO, ("Served",), "v2 InService"),
    Scenario("update, three at once", ONE_OF_TWO, ("Served",) * 3, "v2 InService", at_once=3),
    Scenario("duplicate", in_turn(ONE_OF_TWO, serve(2)), ("Served",), "v2 InService"),
    Scenario("older approved later", in_turn(approve(3), serve(3), decide(2, "Approved")), ("Served",), "v3 InService"),
    Scenario("rejected in service", REJECTED, ("Served",), "v1 InService"),
    Scenario("rejected in service, alarm on", in_turn(REJECTED, alarm), ("Served",), "v1 InService"),
    Scenario("rejected in service, event lost", REJECTED, ("Served",), "v1 InService", retry=False),
    Scenario("rolled back silently", ROLLED_BACK, ("RolledBack",), "v1 InService"),
    Scenario("rolled back silently, two at once", ROLLED_BACK, ("RolledBack",) * 2, "v1 InService", at_once=2),
    Scenario(
        "roll-back failed",
        in_turn(ONE_OF_TWO, after("UpdateEndpoint", ends_as("UpdateRollbackFailed"))),
        ("NeedsAPerson",),
        "v1 UpdateRollbackFailed",
    ),
    Scenario("failed, newer approved", in_turn(FAILED, approve(2)), ("Served",), "v2 InService"),
    Scenario("failed, tried again by a person", FAILED, ("Served",), "v1 InService"),
    Scenario("failed, hourly pass", FAILED, ("TriedBefore",), "v1 Failed", retry=False),
    Scenario("no longer approved", NONE_LEFT, ("NoneApproved",), "v1 InService"),
    Scenario("no longer approved, hourly pass", NONE_LEFT, ("NothingToDo",), "v1 InService", retry=False),
    Scenario(
        "newer approved during update",
        in_turn(ONE_OF_TWO, after("UpdateEndpoint", approve(3))),
        ("Served",),
        "v3 InService",
    ),
    Scenario(
        "rejected during update",
        in_turn(ONE_OF_TWO, after("UpdateEndpoint", decide(2, "Rejected"))),
        ("Served",),
        "v1 InService",
    ),
    Scenario("system update under way", in_turn(ONE_OF_TWO, SYSTEM_UPDATE), ("Served",), "v2 InService"),
    Scenario("throttled", THROTTLED, ("Served",), "v2 InService"),
    Scenario("throttled, hourly pass", THROTTLED, ("Served",), "v2 InService", retry=False),
    Scenario(
        "refused for good", in_turn(approve(1), refused("CreateModel", *["no such role"] * 9)), ("Refused",), "nothing"
    ),
    Scenario(
        "another one updates",
        in_turn(ONE_OF_TWO, refused("UpdateEndpoint", *["Cannot update in-progress endpoint"] * 9)),
        ("Served",),
        "v2 InService",
    ),
    Scenario("changed settings", in_turn(approve(1), serve(1, OTHER)), ("Served",), "v1 InService"),
    Scenario("changed type, scaled", in_turn(approve(1), serve(1, OTHER), scaled), ("Served",), "v1 InService"),
    Scenario(
        "deleted while it is made",
        in_turn(approve(1), after("CreateEndpoint", lambda _: records.endpoints.clear())),
        ("EndpointVanished",),
        "nothing",
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[each.name for each in SCENARIOS])
def test_newest_approved_version_is_served_or_why_not_is_told(account: Account, scenario: Scenario) -> None:
    scenario.arrange(account)
    ends = account.run(scenario.at_once, retry=scenario.retry)
    version, _, status = scenario.served.partition(" ")
    served = f"{account.machine.name(int(version[1:]))} {status}" if status else version
    assert (sorted(end.partition(":")[0] for end in ends), account.served) == (sorted(scenario.ends), served), ends


def requests_of(operation: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what *operation* will be asked for."""
    asked: list[Any] = []
    act = api.OPERATIONS[operation]

    def note(request: Any) -> Any:
        asked.append(request)
        return act(request)

    monkeypatch.setattr(api, "OPERATIONS", {**api.OPERATIONS, operation: note})
    return asked


def test_update_brings_its_deployment_configuration_and_keeps_the_scaled_count_alone(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    updates = requests_of("UpdateEndpoint", monkeypatch)
    ONE_OF_TWO(account)
    account.run()
    (update,) = updates
    kept = {each["VariantPropertyType"] for each in update["ExcludeRetainedVariantProperties"]}
    assert (update["RetainAllVariantProperties"], kept) == (True, {"DesiredWeight", "DataCaptureConfig"})
    assert update["DeploymentConfig"]["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"] == {
        "Type": "CANARY",
        "WaitIntervalInSeconds": 600,
        "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1},
    }
    assert len(update["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]) == 2


def test_older_version_is_put_back_at_once_and_unwatched(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    REJECTED(account)
    updates = requests_of("UpdateEndpoint", monkeypatch)
    account.run()
    assert [each["DeploymentConfig"] for each in updates] == [
        {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}}}
    ]


def test_rolled_back_version_is_tried_again_by_people_and_events_only(account: Account) -> None:
    ROLLED_BACK(account)
    account.run()
    assert account.run(retry=False) == ["TriedBefore"]
    assert "UpdateEndpoint" not in account.calls
    account.alarm("OK")
    assert account.run() == ["Served"]


def test_endpoint_that_answers_the_sample_otherwise_than_the_evaluation_is_no_success(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.register(1)
    monkeypatch.setattr(inference, "answer", lambda *_: '{"predictions": [{"prediction": 1000.1251}]}')
    (end,) = account.run()
    assert end.startswith(f"WrongAnswer: {account.machine.name(1)} should predict 1000.125 for the sample: ")
    monkeypatch.setattr(inference, "answer", lambda *_: '{"predictions": [{"error": {"field": "age"}}]}')
    assert account.run()[0].startswith("WrongAnswer: ")


def test_version_without_a_container_for_raw_records_is_told(account: Account) -> None:
    account.register(1, known={})
    assert account.run() == ["NotServable: version 1 has no container for raw records: make a new one"]
    assert account.endpoint() is None


def test_model_gets_what_its_answers_are_to_say_beside_what_its_container_is_registered_with(account: Account) -> None:
    known = package(1)
    (container,) = known["AdditionalInferenceSpecifications"][0]["Containers"]
    container["Environment"] = {"PYTHONPATH": "/opt/ml/model/code", "MODEL_VERSION": "z0z0z0z0z0z0"}
    account.register(1, known=known)
    assert account.run() == ["Served"]
    (model,) = records.models.values()
    own = {"MODEL_VERSION": "1", "ANSWER_FIGURES": "true"}
    assert model["Containers"][0]["Environment"] == {"PYTHONPATH": "/opt/ml/model/code", **own}


def test_scaling_begins_with_the_settings_once_the_endpoint_serves(account: Account) -> None:
    account.register(1)
    account.run()
    (target,) = records.scalable_targets.values()
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 4)
    (policy,) = target["Policies"].values()
    assert policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 6_000


CALLED = {
    "sagemaker:ListEndpoints": approve(1),
    "sagemaker:ListModelPackages": approve(1),
    "sagemaker:DescribeModelPackage": approve(1),
    "sagemaker:CreateModel": approve(1),
    "iam:PassRole": approve(1),
    "sagemaker:CreateEndpointConfig": approve(1),
    "sagemaker:CreateEndpoint": approve(1),
    "sagemaker:DescribeEndpoint": approve(1),
    "application-autoscaling:RegisterScalableTarget": approve(1),
    "application-autoscaling:PutScalingPolicy": approve(1),
    "s3:GetObject": approve(1),
    "sagemaker:InvokeEndpoint": approve(1),
    "sagemaker:UpdateEndpoint": ONE_OF_TWO,
    "application-autoscaling:DeregisterScalableTarget": in_turn(approve(1), serve(1, OTHER)),
    "sagemaker:DeleteEndpoint": FAILED,
}
"""Each call of the machine, and when it makes it."""


@pytest.mark.parametrize("action", CALLED)
def test_each_call_asks_iam_and_a_missing_right_is_told(account: Account, machine: Machine, action: str) -> None:
    stepfunctions._state_machines.clear()
    account.arn = machine.deploy(without=action)
    CALLED[action](account)
    (end,) = account.run()
    assert end.startswith("Refused: ")
    assert f"is not authorized to perform: {action} on resource: " in end


def test_machine_whose_role_does_not_trust_step_functions_calls_nothing(account: Account) -> None:
    make_role("Machine", "lambda.amazonaws.com", allow("*", "*"))
    account.register(1)
    (end,) = account.run()
    assert "states.amazonaws.com is not authorized to perform: sts:AssumeRole" in end
    assert account.calls == []
