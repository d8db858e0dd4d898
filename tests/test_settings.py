"""Stages are found by name, are what their names say, and cannot meet in their names."""

import dataclasses

import pytest

from artefacts.definition.checker import DefinitionError, check_definition
from pipeline_definition import build_definition
from pipeline_definition.placeholders import EXAMPLES, bind
from settings import STAGES, LimitError, QualityGate, Stage, StageNameError, UnknownStageError, check_names, find_stage
from tests.stages import named


def test_unknown_stage_is_refused_with_the_choice() -> None:
    with pytest.raises(UnknownStageError, match="stage 'test' does not exist: choose dev or prod"):
        find_stage("test")


@pytest.mark.parametrize(
    ("name", "suffix", "tuning_job_prefix"),
    [
        ("staging", "-staging", "ebsta"),
        ("production", "-production", "ebpro"),
        ("sandbox-eu", "-sandbox-eu", "ebsan"),
        ("a-b-c", "-a-b-c", "ebabc"),
        ("7", "-7", "eb7"),
        ("prod", "", "ebpro"),
    ],
)
def test_names_of_a_stage_are_derived_from_its_name(name: str, suffix: str, tuning_job_prefix: str) -> None:
    stage = named(name)
    check_names(stage, ())
    assert stage.pipeline_name == f"emp-bonus-training-pipeline{suffix}"
    assert stage.monitoring_pipeline_name == f"emp-bonus-monitoring-pipeline{suffix}"
    assert stage.monitoring_stack == f"emp-bonus-{name}-monitoring"
    # SageMaker writes a pipeline's name into some ARNs in lower case, and a pattern minds the difference.
    assert stage.pipeline_name == stage.pipeline_name.lower()
    assert stage.model_package_group_name == f"EmpBonusPackageGroup{suffix}"
    assert stage.job_prefix == f"emp-bonus-{name}"
    assert stage.tuning_job_prefix == tuning_job_prefix


def test_short_name_replaces_the_first_letters() -> None:
    assert find_stage("prod").tuning_job_prefix == "ebprd"


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_stages_that_are_set_do_not_meet(stage: Stage) -> None:
    check_names(stage, STAGES.values())


@pytest.mark.parametrize("name", ["", "Staging", "sandbox_eu", "sandbox--eu", "-eu", "eu-", "eu.west", "é", "a b"])
def test_stage_name_that_aws_would_refuse_or_change_is_refused(name: str) -> None:
    with pytest.raises(StageNameError) as refusal:
        check_names(named(name), ())
    assert str(refusal.value) == f"stage {name!r}: use lower-case letters, digits, and single hyphens between them"


def test_stage_name_of_13_characters_is_the_longest_that_job_names_leave_room_for() -> None:
    longest, longer = named("s" * 13), named("s" * 14)
    check_names(longest, ())
    check_definition(bind(build_definition(longest), EXAMPLES), pipeline_name=longest.pipeline_name)
    with pytest.raises(DefinitionError):
        check_definition(bind(build_definition(longer), EXAMPLES), pipeline_name=longer.pipeline_name)
    with pytest.raises(StageNameError) as refusal:
        check_names(longer, ())
    assert str(refusal.value) == (
        "stage 'ssssssssssssss' has 14 characters, 13 at most, as names of jobs have it: shorten it by 1"
    )


@pytest.mark.parametrize("short_name", ["prod", "P", "a-b", "é"])
def test_short_name_that_leaves_no_room_or_is_no_name_is_refused(short_name: str) -> None:
    with pytest.raises(StageNameError) as refusal:
        check_names(dataclasses.replace(named("staging"), short_name=short_name), ())
    assert str(refusal.value) == f"short_name {short_name!r}: use up to 3 lower-case letters and digits"


@pytest.mark.parametrize(("name", "other"), [("sandbox", "sandbox-eu"), ("sandbox-eu", "sandbox")])
def test_stage_name_that_begins_another_is_refused(name: str, other: str) -> None:
    with pytest.raises(StageNameError) as refusal:
        check_names(named(name), [find_stage("dev"), named(other)])
    assert str(refusal.value) == (
        f"stage {name!r}: emp-bonus-sandbox-* and emp-bonus-sandbox-eu-* meet,"
        " so one stage could stop the other's jobs; rename one of the two stages"
    )


def test_prefix_of_tuning_jobs_that_begins_another_is_refused_until_a_short_name_is_set() -> None:
    staging = named("staging")
    with pytest.raises(StageNameError, match=r"stage 'stable': ebsta-\* and ebsta-\* meet, .*; set another short_name"):
        check_names(named("stable"), [staging])
    check_names(dataclasses.replace(named("stable"), short_name="stb"), [staging])


def test_stage_name_with_the_same_letters_but_no_hyphen_after_them_is_taken() -> None:
    check_names(named("production"), STAGES.values())


def test_stage_sets_other_defaults_of_limits() -> None:
    limits = QualityGate(defaults={"MaximumRmse": 1_500.0}).limits
    assert {limit.name: limit.default for limit in limits} == {
        **{limit.name: limit.default for limit in QualityGate().limits},
        "MaximumRmse": 1_500.0,
    }


def test_default_of_an_unknown_limit_is_refused() -> None:
    with pytest.raises(LimitError, match=r"^quality gate: 'MinimumR3' is no limit: set a default of MinimumR2, "):
        _ = QualityGate(defaults={"MinimumR3": 0.5}).limits


def test_only_dev_may_be_torn_down() -> None:
    assert [name for name, stage in STAGES.items() if stage.may_be_torn_down] == ["dev"]


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_settings_cannot_be_changed_by_accident(stage: Stage) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        stage.region = "us-east-1"  # type: ignore[misc]  # that is what is tested
    with pytest.raises(TypeError):
        stage.training.hyperparameters["epochs"] = "1"  # type: ignore[index]  # that is what is tested


def test_two_stages_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("settings.stage_names.DECLARED", (*STAGES.values(), STAGES["dev"]))
    with pytest.raises(StageNameError, match=r"^stage 'dev' is declared twice, .*: rename one$"):
        find_stage("dev")
