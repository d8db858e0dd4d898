"""Finds the stage that the context of a synthesis names."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from settings import STAGES, Stage, check_names, check_options, find_stage


def choose_stage(context: Mapping[str, Any]) -> Stage:
    """Return the stage that *context* names, with the data contract and the engine that it names, if it does."""
    name = context.get("stage")
    own = find_stage("dev" if name is None else name)
    check_names(own, STAGES.values())
    return _with_engine(_with_contract(own, context.get("contract")), context.get("engine"))


def describe_changes(stage: Stage) -> Iterator[str]:
    """Yield a line for each thing that a context gave *stage* in place of its own."""
    own = STAGES[stage.name]
    if stage.data_contract != own.data_contract:
        yield f"data contract: {stage.data_contract} in place of {stage.name}'s {own.data_contract}"
    if stage.processing != own.processing:
        yield f"engine: {stage.processing.engine} in place of {stage.name}'s {own.processing.engine}"


def _with_contract(stage: Stage, file: str | None) -> Stage:
    return dataclasses.replace(stage, data_contract=str(Path(file).expanduser())) if file else stage


def _with_engine(stage: Stage, engine: str | None) -> Stage:
    if not engine:
        return stage
    changed: Any = {"engine": engine}  # whatever text it is: the check says what it may be
    changed_stage = dataclasses.replace(stage, processing=dataclasses.replace(stage.processing, **changed))
    check_options(changed_stage)
    return changed_stage
