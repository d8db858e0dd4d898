"""What steps refer to."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect, gate, steps


@defect(
    "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri",
    "step EmpBonusDataSplit does not exist: name one of EmpBonusFindChampion, EmpBonusDataQuality",
)
def dangling_step(d: Definition) -> None:
    d["Steps"] = [step for step in d["Steps"] if step["Name"] != "EmpBonusDataSplit"]


@defect(
    "EmpBonusRegisterModel.Arguments.InferenceSpecification.Containers[0].ModelDataUrl",
    "Steps.EmpBonusTraining.ModelArtifact.S3ModelArtifacts is not a property of a Training step",
)
def dangling_property(d: Definition) -> None:
    container = arguments(d, "RegisterModel")["InferenceSpecification"]["Containers"][0]
    container["ModelDataUrl"] = {"Get": "Steps.EmpBonusTraining.ModelArtifact.S3ModelArtifacts"}


@defect(
    "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri",
    "Steps.EmpBonusDataSplit.ProcessingOutputConfig.Outputs.trian.S3Output.S3Uri is not a property",
)
def dangling_output(d: Definition) -> None:
    source = arguments(d, "Training")["InputDataConfig"][0]["DataSource"]["S3DataSource"]
    source["S3Uri"]["Get"] = source["S3Uri"]["Get"].replace("'train'", "'trian'")


@defect("EmpBonusDataQuality.Arguments.ProcessingInputs[1].S3Input.S3Uri", "is not in the step's OutputParameters")
def dangling_answer_of_a_lambda(d: Definition) -> None:
    source = arguments(d, "DataQuality")["ProcessingInputs"][1]["S3Input"]
    source["S3Uri"]["Get"] = source["S3Uri"]["Get"].replace("'DataQuality'", "'Statistics'")


@defect("EmpBonusTraining.Arguments.RoleArn", "'Steps' is no reference")
def malformed_reference(d: Definition) -> None:
    arguments(d, "Training")["RoleArn"] = {"Get": "Steps"}


@defect(
    "EmpBonusTraining.Arguments.ResourceConfig.InstanceType",
    "parameter InstanceType is not declared: add it to Parameters",
)
def undeclared_parameter(d: Definition) -> None:
    arguments(d, "Training")["ResourceConfig"]["InstanceType"] = {"Get": "Parameters.InstanceType"}


@defect("Parameters.Owner", "no step uses it: use it, or remove it")
def unused_parameter(d: Definition) -> None:
    d["Parameters"].append({"Name": "Owner", "Type": "String", "DefaultValue": "me"})


@defect(
    "EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.Size.Std:JsonGet.PropertyFile",
    "Steps.EmpBonusDataSplit.PropertyFiles.Sizes is not a property file of the step: declare it there",
)
def unknown_property_file(d: Definition) -> None:
    get = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.EmpBonusDataSplit.PropertyFiles.Sizes"}, "Path": "a"}}
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["Size"] = get


@defect(
    "EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.Size",
    "only a property file is read with Std:JsonGet, and with nothing else: write it so",
)
def property_file_without_json_get(d: Definition) -> None:
    get = {"Get": "Steps.EmpBonusDataSplit.PropertyFiles.Sizes"}
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["Size"] = get


@defect("EmpBonusDataSplit.PropertyFiles[0]", "sizes is not an output of the step")
def property_file_of_no_output(d: Definition) -> None:
    file = {"PropertyFileName": "Sizes", "OutputName": "sizes", "FilePath": "sizes.json"}
    steps(d)["EmpBonusDataSplit"]["PropertyFiles"] = [file]


@defect("EmpBonusDataSplit.PropertyFiles[1]", "Sizes appears twice")
def property_file_declared_twice(d: Definition) -> None:
    file = {"PropertyFileName": "Sizes", "OutputName": "train", "FilePath": "sizes.json"}
    steps(d)["EmpBonusDataSplit"]["PropertyFiles"] = [file, file]


@defect("EmpBonusTraining.Arguments.RoleArn", "a Fail step makes nothing; refer to a step that does")
def reference_to_a_step_that_makes_nothing(d: Definition) -> None:
    d["Steps"].append({"Name": "No", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}})
    arguments(d, "Training")["RoleArn"] = {"Get": "Steps.No.RoleArn"}


@defect(
    "EmpBonusRegisterModel.Arguments.InferenceSpecification.Containers[0].ModelDataUrl",
    "step EmpBonusTraining runs only in Gate.IfSteps: refer to it from there",
)
def reference_into_a_branch(d: Definition) -> None:
    training = next(step for step in d["Steps"] if step["Name"] == "EmpBonusTraining")
    d["Steps"].remove(training)
    d["Steps"].append(gate(training))
