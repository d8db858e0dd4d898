"""Finds the stage that the context of a synthesis names."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from settings import STAGES, Stage, check_names, find_stage


def choose_stage(context: Mapping[str, Any]) -> Stage:
    """Return the stage that *context* names, with the data contract that it names, if it does."""
    name, contract = context.get("stage"), context.get("contract")
    stage = find_stage("dev" if name is None else name)
    check_names(stage, STAGES.values())
    return dataclasses.replace(stage, data_contract=str(Path(contract).expanduser())) if contract else stage
