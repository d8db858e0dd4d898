"""What a step's handler is given."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from artefacts.assembly import Account
from artefacts.definition.graph import Step
from local_runner.ports import Functions, Jobs, Registry, Store
from local_runner.record.step_cache import StepCache


@dataclass(frozen=True)
class Context:
    """What all steps of an execution share."""

    execution_id: str
    account: Account
    stores: Callable[[str], Store]
    """ARN of a job's role -> the store as that role may use it; called from several threads."""
    registry: Registry
    jobs: Jobs
    cache: StepCache
    functions: Functions
    clock: Callable[[], datetime]
    stop: threading.Event
    """Set when someone asks the execution to stop."""


@dataclass(frozen=True)
class Task:
    """One step that is ready to run."""

    step: Step
    arguments: Mapping[str, Any]
    """The step's Arguments, with every expression replaced by its value."""
    folder: Path
    """For the step's own files."""
