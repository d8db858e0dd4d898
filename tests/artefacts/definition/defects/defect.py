"""One thing that is broken in an otherwise sound definition, and what the checker must say of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Definition = dict[str, Any]
Spoil = Callable[[Definition], None]


@dataclass(frozen=True)
class Defect:
    """A change that breaks a definition."""

    spoil: Spoil
    path: str
    """How the path begins that the checker must name."""
    text: str
    """A part of what it must say."""

    def __str__(self) -> str:
        return self.spoil.__name__


def defect(path: str, text: str) -> Callable[[Spoil], Defect]:
    """Make a defect of a function that spoils a definition."""
    return lambda spoil: Defect(spoil, path, text)


def steps(definition: Definition) -> dict[str, Any]:
    """Return the steps by name, those in branches too."""
    outer = definition["Steps"]
    inner = [each for step in outer for side in ("IfSteps", "ElseSteps") for each in step["Arguments"].get(side, [])]
    return {step["Name"]: step for step in [*outer, *inner]}


def parameter(definition: Definition, name: str) -> Any:
    """Return the declaration of a parameter."""
    return next(each for each in definition["Parameters"] if each["Name"] == name)


def arguments(definition: Definition, step: str) -> Any:
    """Return the Arguments of the step `EmpBonus...`."""
    return steps(definition)[f"EmpBonus{step}"]["Arguments"]


def gate(*inner: Any, **condition: Any) -> Definition:
    """Return a condition step that runs the *inner* steps when it is met."""
    written = {"Type": "Equals", "LeftValue": {"Get": "Execution.PipelineName"}, "RightValue": "x"} | condition
    return {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {"Conditions": [written], "IfSteps": list(inner), "ElseSteps": []},
    }
