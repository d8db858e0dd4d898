"""Rules and alarms are called after their stage, and a stage's name of which that cannot be done is refused."""

import json

import aws_cdk as cdk
import pytest

from settings import StageNameError, UnknownStageError
from stacks.names import name_of
from synthesis import stage as synthesis_stage
from synthesis.stage import choose_stage
from tests.stacks.synthesis import Synthesis
from tests.stages import named

KINDS = {"AWS::Events::Rule": ("Name", 64), "AWS::CloudWatch::Alarm": ("AlarmName", 255)}
KINDS["AWS::CloudWatch::CompositeAlarm"] = KINDS["AWS::CloudWatch::Alarm"]


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_rule_and_alarm_is_named_after_its_stack_and_what_it_is(stages: dict[str, Synthesis], stage: str) -> None:
    for kind, (name, longest) in KINDS.items():
        names = [each["Properties"][name] for each in stages[stage].resources(kind).values()]
        assert names
        assert len(set(names)) == len(names)
        assert all(each.startswith(f"emp-bonus-{stage}-pipeline-") for each in names)
        assert all(len(each) <= longest for each in names)


def test_names_of_rules_and_alarms_have_no_hash(stages: dict[str, Synthesis]) -> None:
    found = json.dumps(stages["prod"].pipeline)
    for name in ("ScheduledStart", "Fault", "Overdue", "FailedStarts", "FaultDelivery", "FaultRejected"):
        assert f'"emp-bonus-prod-pipeline-{name}"' in found


def test_name_that_is_too_long_for_a_rule_is_refused() -> None:
    stack = cdk.Stack(cdk.App(), "s" * 50)
    assert len(name_of(stack, "r" * 13, longest=64)) == 64
    with pytest.raises(StageNameError, match="has 65 characters, 64 at most: shorten the stage's name by 1"):
        name_of(stack, "r" * 14, longest=64)


def test_empty_stage_is_no_stage_and_not_dev() -> None:
    with pytest.raises(UnknownStageError, match="stage '' does not exist: choose dev or prod"):
        choose_stage({"stage": ""})


@pytest.mark.parametrize(("name", "refused"), [("sandbox_eu", "use lower-case letters"), ("dev-eu", "meet")])
def test_names_of_a_stage_are_checked_by_the_application(
    monkeypatch: pytest.MonkeyPatch, name: str, refused: str
) -> None:
    monkeypatch.setattr(synthesis_stage, "find_stage", lambda _: named(name))
    with pytest.raises(StageNameError, match=refused) as refusal:
        choose_stage({})
    assert len(str(refusal.value).splitlines()) == 1
