"""Somebody's own export runs in two commands: one proposes a data contract, the other runs with it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.commands import ROOT, Runner, synthesize
from tests.processing.exports import write_german, write_public


@pytest.mark.parametrize("write", [write_public, write_german], ids=["public", "german"])
def test_model_of_somebodys_own_export_is_registered(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    data = write(tmp_path / "Employee Sample Data.csv")
    propose = subprocess.run(
        [sys.executable, "-m", "processing.proposal", data], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert propose.returncode == 0, propose.stdout + propose.stderr
    contract = data.with_name("Employee Sample Data.csv.contract.toml")
    assert f"the pipeline would run; make run INPUT='{data}' CONTRACT='{contract}'\n" in propose.stdout
    assembly = tmp_path / "assembly"
    synthesis = synthesize("dev", assembly, validation=False, contract=contract)
    assert synthesis.returncode == 0, synthesis.stderr
    assert f"data contract: {contract} in place of dev's" in synthesis.stderr
    run = Runner(assembly, tmp_path / "workspace").run(data)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "EmpBonusPackageGroup-dev version 1, PendingManualApproval" in run.stdout
