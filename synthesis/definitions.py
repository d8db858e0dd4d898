"""The definitions of a stage, checked: from what is kept, or from a process that makes them while the CDK starts."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

from settings import SettingsError, Stage
from synthesis.inputs import (
    DEFINITION_SOURCES,
    ROOT,
    compute_key,
    select_definition_environment,
    select_effective,
)
from synthesis.kept import Kept
from synthesis.stage import ON

REFUSED = 3
"""What the process ends with when it refuses a stage."""


class RefusedDefinitionError(SettingsError):
    """What is wrong with a stage's definitions, in the words of who checked them."""


@dataclass(frozen=True)
class Definitions:
    """The JSON texts of a stage's definitions, checked."""

    training: str
    scoring: str
    """Empty where the stage scores nothing."""
    monitoring: str = ""
    """Empty where nobody watches the stage's traffic."""

    def to_json(self) -> bytes:
        """Return what `from_json` reads."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Definitions":
        """Return what `to_json` wrote."""
        return cls(**json.loads(text))


def compute_definition_key(stage: Stage, environment: Mapping[str, str], installed: str) -> str:
    """Return the hash of all that the definitions of *stage* are made of, in a process of its own.

    *environment* is that of who starts it, or its own, to which some systems add variables.
    """
    seen = select_effective(select_definition_environment(environment))
    return f"definitions-{compute_key(ROOT, DEFINITION_SOURCES, stage, seen, installed)}"


def are_kept(stage: Stage, kept: Kept, environment: Mapping[str, str], installed: str) -> bool:
    """Return whether the definitions of *stage* are kept: not if their making read what no key knows."""
    return kept.find(compute_definition_key(stage, environment, installed)) is not None


@contextlib.contextmanager
def begin(
    stage: Stage, kept: Kept, environment: Mapping[str, str], installed: str
) -> Iterator[Callable[[], Definitions]]:
    """Give what returns the definitions of *stage*, or raises `RefusedDefinitionError`; they are in the making."""
    key = compute_definition_key(stage, environment, installed)
    if found := kept.find(key):
        yield lambda: Definitions.from_json(found)
        return
    options = (stage.name, stage.data_contract, stage.processing.engine, ON if stage.monitoring else "")
    command = [sys.executable, "-m", "synthesis", *options, str(kept.folder), key]
    seen = select_definition_environment(environment)
    with subprocess.Popen(command, cwd=ROOT, env=seen, stdout=subprocess.PIPE) as process:
        try:
            yield lambda: _collect(process)
        finally:
            process.kill()  # where nobody has waited for it


def _collect(process: subprocess.Popen[bytes]) -> Definitions:
    text, _ = process.communicate()
    if process.returncode == REFUSED:
        raise RefusedDefinitionError(text.decode())
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return Definitions.from_json(text)
