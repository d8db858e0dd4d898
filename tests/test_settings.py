"""Stages are found by name, and are what their names say."""

import dataclasses

import pytest

from settings import STAGES, Stage, UnknownStageError, find_stage


def test_an_unknown_stage_is_refused_with_the_choice() -> None:
    with pytest.raises(UnknownStageError, match="stage 'test' does not exist: choose dev or prod"):
        find_stage("test")


def test_only_prod_has_the_plain_names_and_no_stage_shares_one() -> None:
    assert find_stage("prod").pipeline_name == "emp-bonus-training-pipeline"
    assert find_stage("prod").model_package_group_name == "EmpBonusPackageGroup"
    for name in ("pipeline_name", "model_package_group_name", "job_prefix"):
        assert len({getattr(stage, name) for stage in STAGES.values()}) == len(STAGES)


def test_only_dev_may_be_torn_down() -> None:
    assert [name for name, stage in STAGES.items() if stage.may_be_torn_down] == ["dev"]


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_settings_cannot_be_changed_by_accident(stage: Stage) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        stage.region = "us-east-1"  # type: ignore[misc]  # that is what is tested
    with pytest.raises(TypeError):
        stage.training.hyperparameters["epochs"] = "1"  # type: ignore[index]  # that is what is tested
