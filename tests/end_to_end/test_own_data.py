"""Somebody's own export runs in two commands: one proposes a data contract, the other runs with it."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.commands import ROOT, Runner, synthesize
from tests.processing.exports import write_german, write_public

PACKED = "processing/contract/data_contract.toml"


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly of dev with a contract that is named."""
    folder = tmp_path_factory.mktemp("contract")
    contract = propose(write_public(folder / "Employee Sample Data.csv"))
    synthesis = synthesize("dev", folder / "assembly", validation=False, contract=contract)
    assert synthesis.returncode == 0, synthesis.stderr
    assert f"data contract: {contract} in place of dev's {PACKED}\n" in synthesis.stderr
    assert {zipfile.ZipFile(each).read(PACKED) for each in archives(folder / "assembly")} == {contract.read_bytes()}
    return folder / "assembly"


def propose(data: Path) -> Path:
    """Return the contract that the command proposes for *data*."""
    run = subprocess.run(
        [sys.executable, "-m", "processing.proposal", data], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    contract = data.with_name(f"{data.name}.contract.toml")
    assert f"the pipeline would run; make run INPUT='{data}' CONTRACT='{contract}'\n" in run.stdout
    return contract


def archives(assembly: Path) -> list[Path]:
    """Return the archives of code that hold a data contract."""
    return [each for each in assembly.glob("*.zip") if PACKED in zipfile.ZipFile(each).namelist()]


def with_contract(assembly: Path, copy: Path, contract: Path) -> Path:
    """Copy *assembly* with another contract, as another synthesis would pack it."""
    shutil.copytree(assembly, copy)
    for archive in archives(copy):
        with zipfile.ZipFile(archive) as file:
            members = {name: file.read(name) for name in file.namelist()}
        with zipfile.ZipFile(archive, "w") as file:
            for name, content in (members | {PACKED: contract.read_bytes()}).items():
                file.writestr(name, content)
    return copy


@pytest.mark.parametrize("write", [write_public, write_german], ids=["public", "german"])
def test_model_of_somebodys_own_export_is_registered(
    synthesized: Path, tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    data = write(tmp_path / "Employee Sample Data.csv")
    assembly = with_contract(synthesized, tmp_path / "assembly", propose(data))
    run = Runner(assembly, tmp_path / "workspace").run(data)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "EmpBonusPackageGroup-dev version 1, PendingManualApproval" in run.stdout
