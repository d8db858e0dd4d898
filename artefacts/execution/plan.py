"""What an execution is to do: the definition that it was started with, with the values of its parameters."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.definition.graph import all_steps
from artefacts.definition.instances import Instances, find_instances
from artefacts.execution.model import Execution, Step


@dataclass(frozen=True)
class PlannedStep:
    """A step of the definition."""

    type: str
    instances: Instances | None


Plan = Mapping[str, PlannedStep]
"""By the name of the step, in the order of the definition."""


def make_plan(definition: Mapping[str, Any], parameters: Mapping[str, str]) -> Plan:
    """Return the plan that *definition* is where its parameters have these values."""
    return {
        step.name: PlannedStep(step.type, find_instances(step.arguments, parameters))
        for step in all_steps(definition["Steps"])
    }


def add_plan(execution: Execution, plan: Plan) -> Execution:
    """Return *execution* with the types and instances of its steps, and with those that have not started."""
    begun = tuple(
        dataclasses.replace(step, type=plan[step.name].type, instances=plan[step.name].instances)
        if step.name in plan
        else step
        for step in execution.steps
    )
    names = {step.name for step in begun}
    waiting = tuple(
        Step(name=name, type=each.type, instances=each.instances) for name, each in plan.items() if name not in names
    )
    return dataclasses.replace(execution, steps=(*begun, *waiting))
