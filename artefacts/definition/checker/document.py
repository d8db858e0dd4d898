"""A definition as the rules see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

from artefacts.definition.checker.service_model import OPERATIONS
from artefacts.definition.graph import Step, all_steps

Schemas = Mapping[str, Mapping[str, Any]]
"""By the name of a JSON file, the JSON Schema of what is in it."""
NO_SCHEMAS: Schemas = MappingProxyType({})


@dataclass(frozen=True)
class Job:
    """A step that starts a job, or many like it."""

    step: Step

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What the step's job, or each job of a search, is started with."""
        found: Mapping[str, Any] = self.step.arguments.get("TrainingJobDefinition", self.step.arguments)
        return found

    @property
    def path(self) -> str:
        """Where these arguments stand."""
        nested = ".TrainingJobDefinition" if "TrainingJobDefinition" in self.step.arguments else ""
        return f"{self.step.name}.Arguments{nested}"


@dataclass(frozen=True)
class Definition:
    """A definition whose structure has been checked."""

    parameters: Mapping[str, Mapping[str, Any]]
    parameter_names: tuple[str, ...]
    """As declared; a name can appear there twice."""
    steps: tuple[Step, ...]
    """All steps, those in branches of conditions too."""
    schemas: Schemas = field(default_factory=lambda: NO_SCHEMAS)
    """Of its property files; where there are none, paths into these are not checked."""

    @classmethod
    def of(cls, document: Mapping[str, Any], schemas: Schemas = NO_SCHEMAS) -> Self:
        """Return the definition that the parsed body of a pipeline holds."""
        declared = document.get("Parameters", [])
        return cls(
            parameters={parameter["Name"]: parameter for parameter in declared},
            parameter_names=tuple(parameter["Name"] for parameter in declared),
            steps=tuple(all_steps(document["Steps"])),
            schemas=schemas,
        )

    @property
    def jobs(self) -> list[Job]:
        """The job steps."""
        return [Job(step) for step in self.steps if step.type in OPERATIONS and OPERATIONS[step.type].job_name]

    def step(self, name: str) -> Step | None:
        """Return the step called *name*, if there is one."""
        return next((step for step in self.steps if step.name == name), None)
