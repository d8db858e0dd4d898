"""The graph of steps: what waits for what, in shapes that pipelines have."""

from typing import Any

from artefacts.definition.graph import all_steps, find_cycle


def step(name: str, *reads: str, kind: str = "Processing", **more: Any) -> dict[str, Any]:
    arguments = {
        "Inputs": [{"Get": f"Steps.{each}.ProcessingOutputConfig.Outputs['x'].S3Output.S3Uri"} for each in reads]
    }
    return {"Name": name, "Type": kind, "Arguments": arguments, **more}


def needs(*steps: dict[str, Any]) -> dict[str, set[str]]:
    return {each.name: each.needs for each in all_steps(steps)}


def test_step_waits_for_those_it_refers_to() -> None:
    assert needs(step("A"), step("B", "A"), step("C", "A", "B")) == {"A": set(), "B": {"A"}, "C": {"A", "B"}}


def test_step_waits_for_those_it_depends_on_by_name() -> None:
    assert needs(step("A"), step("B", DependsOn=["A"])) == {"A": set(), "B": {"A"}}


def test_steps_in_branches_are_found_with_their_branch() -> None:
    condition = {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [{"Type": "Equals", "LeftValue": {"Get": "Steps.A.ExitMessage"}, "RightValue": "x"}],
            "IfSteps": [step("Register", "B")],
            "ElseSteps": [step("Rejected")],
        },
    }
    found = {each.name: each for each in all_steps([step("A"), step("B"), condition])}
    assert {name: each.branch for name, each in found.items()} == {
        "A": "",
        "B": "",
        "Gate": "",
        "Register": "Gate.IfSteps",
        "Rejected": "Gate.ElseSteps",
    }
    assert found["Gate"].needs == {"A"}, "what a branch reads is the branch's business"


def test_circle_is_found() -> None:
    assert set(find_cycle(list(all_steps([step("A", "C"), step("B", "A"), step("C", "B")])))) == {"A", "B", "C"}
    assert find_cycle(list(all_steps([step("A"), step("B", "A")]))) == []
