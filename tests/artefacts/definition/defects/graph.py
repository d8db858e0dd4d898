"""Names of steps, and what they wait for."""

import copy

from tests.artefacts.definition.defects.defect import Definition, defect, gate, steps


@defect("EmpBonusRegisterModel.DependsOn", "Gate is a Condition: put the step into one")
def dependency_on_a_condition(d: Definition) -> None:
    d["Steps"].append(gate())
    steps(d)["EmpBonusRegisterModel"]["DependsOn"] = ["Gate"]


@defect("EmpBonusRegisterModel.DependsOn", "step EmpBonusBias does not exist")
def dependency_on_nothing(d: Definition) -> None:
    steps(d)["EmpBonusRegisterModel"]["DependsOn"] = ["EmpBonusBias"]


@defect("EmpBonus", "wait for each other: take one reference out")
def circle(d: Definition) -> None:
    steps(d)["EmpBonusPreProcessing"]["DependsOn"] = ["EmpBonusTraining"]


@defect("EmpBonusFindChampion", "2 steps have this name")
def duplicate_step_name(d: Definition) -> None:
    d["Steps"].append(copy.deepcopy(d["Steps"][0]))


@defect("Not a name", "'Not a name' is not a StepName")
def malformed_name(d: Definition) -> None:
    d["Steps"].append({"Name": "Not a name", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}})


@defect("N" * 65, "is more than 64 characters")
def name_too_long(d: Definition) -> None:
    d["Steps"].append({"Name": "N" * 65, "Type": "Fail", "Arguments": {"ErrorMessage": "no"}})


@defect("Notify", "type EMRServerless cannot be checked: use Processing, Training, Tuning, RegisterModel")
def unknown_type(d: Definition) -> None:
    d["Steps"].append({"Name": "Notify", "Type": "EMRServerless", "Arguments": {}})
