"""Finds the stage that the context of a synthesis names."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from settings import STAGES, InvalidOptionsError, Monitoring, Stage, check_names, check_options, find_stage

ON = "on"
"""The context's word for monitoring a stage that has none of its own."""


def choose_stage(context: Mapping[str, Any]) -> Stage:
    """Return the stage that *context* names, with what it says of data contract, engine and monitoring."""
    name = context.get("stage")
    own = find_stage("dev" if name is None else name)
    check_names(own, STAGES.values())
    changed = _with_engine(_with_contract(own, context.get("contract")), context.get("engine"))
    return _with_monitoring(changed, context.get("monitoring"))


def describe_changes(stage: Stage) -> Iterator[str]:
    """Yield a line for each thing that a context gave *stage* in place of its own."""
    own = STAGES[stage.name]
    if stage.data_contract != own.data_contract:
        yield f"data contract: {stage.data_contract} in place of {stage.name}'s {own.data_contract}"
    if stage.processing != own.processing:
        yield f"engine: {stage.processing.engine} in place of {stage.name}'s {own.processing.engine}"
    if stage.monitoring != own.monitoring:
        yield f"monitoring: on in place of {stage.name}'s off"


def _with_contract(stage: Stage, file: str | None) -> Stage:
    return dataclasses.replace(stage, data_contract=str(Path(file).expanduser())) if file else stage


def _with_engine(stage: Stage, engine: str | None) -> Stage:
    if not engine:
        return stage
    changed: Any = {"engine": engine}  # whatever text it is: the check says what it may be
    changed_stage = dataclasses.replace(stage, processing=dataclasses.replace(stage.processing, **changed))
    check_options(changed_stage)
    return changed_stage


def _with_monitoring(stage: Stage, switch: str | None) -> Stage:
    if not switch or (stage.monitoring and switch == ON):
        return stage
    if switch != ON:
        raise InvalidOptionsError(f"monitoring is {switch!r}: give {ON!r}, or nothing")
    return dataclasses.replace(stage, monitoring=Monitoring())
