"""What the steps of a definition ask for in one execution: every expression has the value that it would have."""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from artefacts.definition.graph import Step, all_steps
from artefacts.definition.references import ExecutionReference, ParameterReference, StepReference, parse
from pipeline_definition.names import WINDOW_END

Members = Mapping[str, Any]

FOR_THE_SERVICE_TO_ADD = "a1b2c3d4e5f6-Q7x9Zk2LmN-0"
"""The service completes a job's name: `-<executionId>-<entityToken>-<failureCount>`, aws/sagemaker-python-sdk #3946."""

_GIVEN = {WINDOW_END: "2026-11-26T06:00:00Z"}
"""What every start gives that has no default."""


class UnknownValueError(NotImplementedError):
    """An expression whose value this proof cannot derive."""


@dataclass(frozen=True)
class Execution:
    """One run of the pipeline."""

    definition: Members
    id: str
    answers: Mapping[str, Members] = field(default_factory=dict)
    """Name of a Lambda step -> what its function answers."""
    parameters: Members = field(default_factory=dict)
    """Values that the start gives; the others have their defaults."""

    @functools.cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps, those of every branch too, as they are written."""
        return tuple(all_steps(self.definition["Steps"]))

    def arguments(self, step: Step) -> Members:
        """Return the arguments of *step* with every expression replaced by its value."""
        if step.name not in self._resolved:
            self._resolved[step.name] = self.value(step.arguments)
        return self._resolved[step.name]

    @functools.cached_property
    def _resolved(self) -> dict[str, Members]:
        """Name of a step -> its arguments, once they were asked for: most steps refer to others, which do, too."""
        return {}

    def value(self, node: Any) -> Any:
        """Return *node* with every expression replaced by its value."""
        match node:
            case {"Get": str(text)}:
                return self._reference(text)
            case {"Std:Join": {"On": str(separator), "Values": list(values)}}:
                return separator.join(str(self.value(value)) for value in values)
            case {"Std:JsonGet": _}:
                return "0"  # a figure of a property file: no right depends on it
            case dict():
                return {name: self.value(member) for name, member in node.items()}
            case list():
                return [self.value(item) for item in node]
            case _:
                return node

    def job_name(self, step: Step) -> str:
        """Return the name of the job that *step* starts."""
        given = next((value for name, value in step.arguments.items() if name.endswith("JobName")), "pipelines")
        return f"{self.value(given)}-{FOR_THE_SERVICE_TO_ADD}"

    def step(self, name: str) -> Step:
        """Return the step called *name*."""
        return next(step for step in self.steps if step.name == name)

    def _reference(self, text: str) -> Any:
        match parse(text):
            case ParameterReference(name):
                return self._parameter(name)
            case ExecutionReference(variable):
                return self.id if variable == "PipelineExecutionId" else f"{variable}-{self.id}"
            case StepReference(name, path):
                return self._property(self.step(name), path)

    def _parameter(self, name: str) -> Any:
        declared = next(each for each in self.definition["Parameters"] if each["Name"] == name)
        return self.parameters.get(name, declared.get("DefaultValue", _GIVEN.get(name, f"any {name}")))

    def _property(self, step: Step, path: tuple[str | int, ...]) -> Any:
        """Return a property of what *step* made; Describe answers with what Create was asked, and some more."""
        if step.type == "Lambda":
            return self.answers[step.name][str(path[-1])]
        found = _MADE_BY_THE_SERVICE.get(path)
        if found:
            return found(self, step)
        try:
            return _member(self.arguments(step), path)
        except LookupError as error:
            raise UnknownValueError(f"Steps.{step.name}.{'.'.join(map(str, path))}: teach execution.py") from error


def _member(node: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        # References name an item of a list by what it calls itself: Outputs['train'].
        node = next(item for item in node if item["OutputName"] == key) if isinstance(node, list) else node[key]
    return node


def _artefact(execution: Execution, step: Step) -> str:
    folder = execution.arguments(step)["OutputDataConfig"]["S3OutputPath"]
    return f"{folder}/{execution.job_name(step)}/output/model.tar.gz"


_MADE_BY_THE_SERVICE: Mapping[tuple[str | int, ...], Callable[[Execution, Step], Any]] = {
    ("ModelArtifacts", "S3ModelArtifacts"): _artefact,
    ("BestTrainingJob", "TrainingJobName"): lambda execution, step: f"{execution.job_name(step)}-001-0a1b2c3d",
    ("BestTrainingJob", "FinalHyperParameterTuningJobObjectiveMetric", "Value"): lambda *_: 0.0,
    ("FinalMetricDataList", "test:mse", "Value"): lambda *_: 0.0,
}


def starts(definition: Members) -> Iterator[Members]:
    """Yield parameters of starts that together give every parameter each value that it may have."""
    yield {}
    for parameter in definition["Parameters"]:
        for value in parameter.get("EnumValues", ()):
            yield {parameter["Name"]: value}
