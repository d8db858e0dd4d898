"""Conditions, messages and functions."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect, steps


@defect("EmpBonusQualityGate.Arguments.Conditions[0]", "GreaterThanOrEqualTo of Any and String: compare numbers")
def order_of_a_text(d: Definition) -> None:
    arguments(d, "QualityGate")["Conditions"][0]["RightValue"] = {"Get": "Parameters.DataVersion"}


@defect("EmpBonusQualityGate.Arguments.Conditions[1]", "Integer is compared with String: compare values of one type")
def comparison_of_two_types(d: Definition) -> None:
    arguments(d, "QualityGate")["Conditions"][1] = {"Type": "Equals", "LeftValue": 3, "RightValue": "3"}


@defect("EmpBonusQualityGate.Arguments.Conditions[0].Expression", "Integer is compared with String")
def comparison_of_two_types_in_a_negation(d: Definition) -> None:
    inner = {"Type": "Equals", "LeftValue": 3, "RightValue": "3"}
    arguments(d, "QualityGate")["Conditions"][0] = {"Type": "Not", "Expression": inner}


@defect("EmpBonusRejected.Arguments.ErrorMessage", "not a text: write one, or join it with Std:Join")
def message_that_is_a_number(d: Definition) -> None:
    arguments(d, "Rejected")["ErrorMessage"] = {"Get": "Parameters.MinimumR2"}


@defect("EmpBonusFindChampion.FunctionArn", "is not a FunctionArn")
def function_by_its_name(d: Definition) -> None:
    steps(d)["EmpBonusFindChampion"]["FunctionArn"] = "find champion"


@defect("EmpBonusFindChampion", "'FunctionArn' is a required property: add it")
def lambda_without_a_function(d: Definition) -> None:
    del steps(d)["EmpBonusFindChampion"]["FunctionArn"]


@defect("EmpBonusFindChampion.OutputParameters", "Name appears 2 times: keep one")
def answer_declared_twice(d: Definition) -> None:
    outputs = steps(d)["EmpBonusFindChampion"]["OutputParameters"]
    outputs.append(outputs[0])


@defect("EmpBonusFindChampion.OutputParameters[0].OutputType", "'Text' is not one of")
def answer_of_an_unknown_type(d: Definition) -> None:
    steps(d)["EmpBonusFindChampion"]["OutputParameters"][0]["OutputType"] = "Text"


@defect("EmpBonusTraining.FunctionArn", "a Training step calls no function: remove it")
def function_of_a_training_step(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["FunctionArn"] = steps(d)["EmpBonusFindChampion"]["FunctionArn"]


@defect("EmpBonusFindChampion.RetryPolicies[0]", "is not retried by a Lambda step: use no retry policy")
def retry_of_a_lambda(d: Definition) -> None:
    policies = steps(d)["EmpBonusTraining"]["RetryPolicies"]
    steps(d)["EmpBonusFindChampion"]["RetryPolicies"] = policies
