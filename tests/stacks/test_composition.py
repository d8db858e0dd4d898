"""The application refuses what would fail in the service, before there is a stack of it."""

import dataclasses
import shutil
from pathlib import Path

import aws_cdk as cdk
import pytest

import app
from artefacts.definition.checker import DefinitionError
from settings import STAGES, SettingsError, Stage
from tests.end_to_end.commands import ROOT, replace

DEV = STAGES["dev"]


def compose(**context: str) -> None:
    app.compose(cdk.App(context={"stage": "dev", **context}))


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
def test_definition_that_cannot_run_is_refused(
    definitions: dict[str, str], monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
) -> None:
    assert old in definitions["dev"]
    monkeypatch.setattr(app, "build_definition", lambda _: definitions["dev"].replace(old, new))
    with pytest.raises(DefinitionError) as refusal:
        compose()
    assert message in str(refusal.value)


@pytest.mark.parametrize("option", ["schedule", "new_data_start"])
def test_start_with_an_unknown_parameter_is_refused(
    definitions: dict[str, str], monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    start = dataclasses.replace(getattr(DEV, option), parameters={"Version": "$.time"})
    changed = dataclasses.replace(DEV, **{option: start})
    monkeypatch.setattr(app, "find_stage", lambda _: changed)
    monkeypatch.setattr(app, "build_definition", lambda _: definitions["dev"])
    with pytest.raises(DefinitionError, match=rf"{option}\.parameters\.Version: the pipeline has no such parameter"):
        compose()


def test_data_contract_with_a_mistake_is_refused(tmp_path: Path) -> None:
    contract = Path(shutil.copyfile(ROOT / DEV.data_contract, tmp_path / "hr.contract.toml"))
    replace(contract, "minimum_rows = 100", "minimum_rows = 0")
    with pytest.raises(SettingsError) as refusal:
        compose(contract=str(contract))
    line = f"data_contract: {contract}: minimum_rows is 0: write a whole number of at least 1"
    assert str(refusal.value) == line


def test_engine_of_the_context_replaces_the_stages_own_where_the_stage_may_have_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert app.with_engine(DEV, None) is DEV
    assert app.with_engine(DEV, "spark").processing == dataclasses.replace(DEV.processing, engine="spark")
    with pytest.raises(SettingsError, match=r"^processing\.engine is 'dask': choose 'local' or 'spark'$"):
        app.with_engine(DEV, "dask")
    built: list[Stage] = []
    monkeypatch.setattr(app, "build_definition", built.append)
    with pytest.raises(TypeError):  # of the definition, which is None
        compose(engine="spark")
    assert [stage.processing.engine for stage in built] == ["spark"]
    assert capsys.readouterr().err == "engine: spark in place of dev's local\n"
