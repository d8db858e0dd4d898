"""A synthesis refuses what would fail in the service, before there is a stack of it."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from artefacts.definition.checker import DefinitionError
from settings import STAGES, Monitoring, SettingsError
from stacks.training.data_contract import check_data_contract
from synthesis.build import check_monitoring, check_scoring, check_training
from synthesis.stage import choose_stage, describe_changes
from tests.end_to_end.commands import ROOT, replace

DEV = STAGES["dev"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "Outputs['train'].S3Output",
            "Outputs['trains'].S3Output",
            "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri: Steps.EmpBonusDataSplit"
            ".ProcessingOutputConfig.Outputs.trains.S3Output.S3Uri is not a property of a Processing step",
        ),
        (
            "regression_metrics.rmse.value",
            "regression_metrics.mape.value",
            "EmpBonusQualityGate.Arguments.Conditions[1].LeftValue: evaluation.json need not have a figure"
            " regression_metrics.mape.value: read what its schema requires",
        ),
    ],
    ids=["dangling reference", "figure that the evaluation lacks"],
)
def test_definition_that_cannot_run_is_refused(definitions: dict[str, str], old: str, new: str, message: str) -> None:
    assert old in definitions["dev"]
    with pytest.raises(DefinitionError) as refusal:
        check_training(DEV, definitions["dev"].replace(old, new))
    assert message in str(refusal.value)


@pytest.mark.parametrize("option", ["schedule", "new_data_start"])
def test_start_with_an_unknown_parameter_is_refused(definitions: dict[str, str], option: str) -> None:
    start = dataclasses.replace(getattr(DEV, option), parameters={"Version": "$.time"})
    changed = dataclasses.replace(DEV, **{option: start})
    with pytest.raises(DefinitionError, match=rf"{option}\.parameters\.Version: the pipeline has no such parameter"):
        check_training(changed, definitions["dev"])


def test_start_of_scoring_with_an_unknown_parameter_is_refused(scoring_definitions: dict[str, str]) -> None:
    assert DEV.scoring
    start = dataclasses.replace(DEV.scoring.new_data_start, parameters={"Version": "$.time"})
    options = dataclasses.replace(DEV.scoring, new_data_start=start)
    with pytest.raises(
        DefinitionError, match=r"scoring\.new_data_start\.parameters\.Version: the pipeline has no such"
    ):
        check_scoring(DEV, options, scoring_definitions["dev"])


def test_start_of_monitoring_without_the_windows_end_is_refused(monitoring_definition: str) -> None:
    schedule = dataclasses.replace(Monitoring().schedule, parameters={"WindowHours": "$.time"})
    with pytest.raises(DefinitionError) as refusal:
        check_monitoring(DEV, Monitoring(schedule=schedule), monitoring_definition)
    assert str(refusal.value).splitlines() == [
        "monitoring.schedule.parameters.WindowEnd: the parameter has no default: pass a value, such as '$.time'",
        "monitoring.schedule.parameters.WindowHours: the pipeline has no such parameter: did you mean WindowEnd?",
    ]


def test_data_contract_with_a_mistake_is_refused(tmp_path: Path) -> None:
    contract = Path(shutil.copyfile(ROOT / DEV.data_contract, tmp_path / "hr.contract.toml"))
    replace(contract, "minimum_rows = 100", "minimum_rows = 0")
    with pytest.raises(SettingsError) as refusal:
        check_data_contract(choose_stage({"contract": str(contract)}).data_contract)
    line = f"data_contract: {contract}: minimum_rows is 0: write a whole number of at least 1"
    assert str(refusal.value) == line


def test_engine_of_the_context_replaces_the_stages_own_where_the_stage_may_have_it() -> None:
    assert choose_stage({"stage": "dev"}) is DEV
    stage = choose_stage({"stage": "dev", "engine": "spark"})
    assert stage.processing == dataclasses.replace(DEV.processing, engine="spark")
    with pytest.raises(SettingsError, match=r"^processing\.engine is 'dask': choose 'local' or 'spark'$"):
        choose_stage({"stage": "dev", "engine": "dask"})


def test_context_monitors_a_stage_that_has_no_monitoring_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_stage({"stage": "dev", "monitoring": "on"}) == dataclasses.replace(DEV, monitoring=Monitoring())
    with pytest.raises(SettingsError, match=r"^monitoring is 'yes': give 'on', or nothing$"):
        choose_stage({"stage": "dev", "monitoring": "yes"})
    own = dataclasses.replace(DEV, monitoring=Monitoring(window_hours=12))
    monkeypatch.setattr("synthesis.stage.find_stage", lambda _: own)
    assert choose_stage({"stage": "dev", "monitoring": "on"}) is own


def test_what_a_context_replaces_is_said_line_by_line() -> None:
    assert [*describe_changes(DEV)] == []
    assert [*describe_changes(choose_stage({"monitoring": "on"}))] == ["monitoring: on in place of dev's off"]
    assert [*describe_changes(choose_stage({"engine": "spark", "contract": "/hr.toml"}))] == [
        f"data contract: /hr.toml in place of dev's {DEV.data_contract}",
        "engine: spark in place of dev's local",
    ]
