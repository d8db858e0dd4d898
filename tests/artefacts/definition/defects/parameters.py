"""The declaration of parameters."""

from tests.artefacts.definition.defects.defect import Definition, defect, parameter


@defect("Parameters.InputData", "type Uri: choose String, Integer, Float, Boolean")
def parameter_of_unknown_type(d: Definition) -> None:
    d["Parameters"][0]["Type"] = "Uri"


@defect("Parameters.ProcessingInstanceCount", "'1' is not of type Integer: write one that is")
def default_of_another_type(d: Definition) -> None:
    parameter(d, "ProcessingInstanceCount")["DefaultValue"] = "1"


@defect("Parameters.ModelApprovalStatus", "the default 'approved' is not in EnumValues")
def default_that_is_not_allowed(d: Definition) -> None:
    parameter(d, "ModelApprovalStatus")["DefaultValue"] = "approved"


@defect("Parameters.InputData", "2 parameters have this name: keep one")
def duplicate_parameter_name(d: Definition) -> None:
    d["Parameters"].append(d["Parameters"][0])
