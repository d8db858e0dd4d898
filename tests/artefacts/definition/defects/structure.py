"""The form of a definition."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect, gate, steps


@defect("Definition.Version", "'2020-12-01' was expected: write it")
def another_version(d: Definition) -> None:
    d["Version"] = "2021-01-01"


@defect("EmpBonusTraining", "('RetryPolicy' was unexpected): remove or rename it")
def unknown_member_of_a_step(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["RetryPolicy"] = []


@defect("EmpBonusTraining", "'Arguments' is a required property: add it")
def step_without_arguments(d: Definition) -> None:
    del steps(d)["EmpBonusTraining"]["Arguments"]


@defect("EmpBonusTraining.DependsOn", "'EmpBonusDataSplit' is not of type 'array': write one that is")
def text_for_a_list(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["DependsOn"] = "EmpBonusDataSplit"


@defect("Gate.Arguments.Conditions[0]", "write a condition, with Type, LeftValue and RightValue")
def condition_as_the_sdk_calls_its_class(d: Definition) -> None:
    d["Steps"].append(gate(Type="ConditionEquals"))


@defect("Gate.Arguments.Conditions[0]", "write a condition, with Type, LeftValue and RightValue")
def condition_without_a_right_value(d: Definition) -> None:
    condition = gate()
    del condition["Arguments"]["Conditions"][0]["RightValue"]
    d["Steps"].append(condition)


@defect("EmpBonusTraining.RetryPolicies[0].MaxAttempts", "21 is greater than the maximum of 20: give less")
def too_many_retries(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["RetryPolicies"][0]["MaxAttempts"] = 21


@defect("Definition", "${JobRole} is not bound: give it a value")
def unbound_placeholder(d: Definition) -> None:
    arguments(d, "Training")["RoleArn"] = "arn:aws:iam::111122223333:role/${JobRole}"
