"""The steps of a definition and which of them wait for which."""

import contextlib
import graphlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from artefacts.definition.references import MalformedReferenceError, Reference, StepReference, find, parse


@dataclass(frozen=True)
class Step:
    """One step, wherever it stands in the definition."""

    name: str
    type: str
    arguments: Mapping[str, Any]
    document: Mapping[str, Any]
    """The step as it is written."""
    branch: str
    """The condition step and branch that it stands in, such as `Gate.IfSteps`; empty at the top."""

    def references(self) -> Iterator[tuple[str, Reference]]:
        """Yield what the step refers to, each with its path; texts that are no references are passed over."""
        for path, text in find(self.document, self.name):
            with contextlib.suppress(MalformedReferenceError):
                yield path, parse(text)

    @property
    def needs(self) -> set[str]:
        """Names of the steps that must end before this one starts."""
        referred = {reference.step for _, reference in self.references() if isinstance(reference, StepReference)}
        return referred | set(self.document.get("DependsOn", ()))


def all_steps(steps: Sequence[Mapping[str, Any]], branch: str = "") -> Iterator[Step]:
    """Yield *steps* and those in the branches of their conditions, outer ones first."""
    for document in steps:
        arguments = document.get("Arguments", {})
        nested = {name: arguments[name] for name in ("IfSteps", "ElseSteps") if name in arguments}
        yield Step(
            name=document["Name"],
            type=document["Type"],
            arguments={name: value for name, value in arguments.items() if name not in nested},
            document={**document, "Arguments": {k: v for k, v in arguments.items() if k not in nested}},
            branch=branch,
        )
        for name, inner in nested.items():
            yield from all_steps(inner, f"{document['Name']}.{name}")


def find_edges(steps: Mapping[str, Step]) -> set[tuple[str, str]]:
    """Return pairs of names, the first of which must end before the second starts, branches and all."""
    needed = {(need, step.name) for step in steps.values() for need in step.needs if need in steps}
    return needed | {(step.branch.rpartition(".")[0], step.name) for step in steps.values() if step.branch}


def find_cycle(steps: Sequence[Step]) -> list[str]:
    """Return the names of steps that wait for each other in a circle, or an empty list."""
    try:
        graphlib.TopologicalSorter({step.name: step.needs for step in steps}).prepare()
    except graphlib.CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return []
