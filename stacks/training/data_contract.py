"""Checks a stage's data contract before it is deployed, by the code that the jobs read it with."""

import subprocess
import sys

from settings import SettingsError
from stacks.training.code_archive import ROOT


class DataContractError(SettingsError):
    """A data contract that is not there, or has a mistake in it."""


def check_data_contract(path: str) -> None:
    """Raise `DataContractError` unless *path*, of the project or absolute, is a data contract.

    In a process of its own: nothing of `processing` is imported here.
    """
    command = [sys.executable, "-m", "processing.contract", path]
    check = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if check.returncode:
        raise DataContractError(f"data_contract: {check.stderr.strip()}")
