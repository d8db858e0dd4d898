"""Rules about steps as a graph: their names, and what they may wait for."""

from collections import Counter
from collections.abc import Iterator

from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.references import check_visible
from artefacts.definition.checker.service_model import OPERATIONS, faults, service
from artefacts.definition.graph import find_cycle

# Types that become no request of SageMaker's own.
CONTROL_TYPES = ("Condition", "Fail", "Lambda")


def check_steps(definition: Definition) -> Iterator[Problem]:
    """Yield steps with a name or a type that the service refuses, and names given twice."""
    for step in definition.steps:
        yield from (Problem(step.name, fault) for fault in faults(step.name, service().shape_for("StepName")))
        if step.type not in (*OPERATIONS, *CONTROL_TYPES):
            known = ", ".join([*OPERATIONS, *CONTROL_TYPES])
            yield Problem(step.name, f"type {step.type} cannot be checked: use {known}")
    for name, count in Counter(step.name for step in definition.steps).items():
        if count > 1:
            yield Problem(name, f"{count} steps have this name: give each its own")


def check_order(definition: Definition) -> Iterator[Problem]:
    """Yield dependencies that can never be met."""
    for step in definition.steps:
        path = f"{step.name}.DependsOn"
        for name in step.document.get("DependsOn", []):
            target = definition.step(name)
            if target is None:
                yield Problem(path, f"step {name} does not exist: name one that does")
                continue
            yield from check_visible(step, target, path)
            if target.type == "Condition":
                # CreatePipeline refuses it, although the SDK builds it (sagemaker-python-sdk #3565).
                yield Problem(path, f"{name} is a Condition: put the step into one of its branches instead")
    cycle = find_cycle(definition.steps)
    if cycle:
        yield Problem(cycle[0], f"the steps {' -> '.join(cycle)} wait for each other: take one reference out")
