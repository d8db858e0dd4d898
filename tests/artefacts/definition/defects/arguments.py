"""What the service would refuse in a request."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect, parameter


@defect(
    "EmpBonusTraining.Arguments.EnableNetworkIsolaton",
    "is not a member of CreateTrainingJobRequest: remove or rename it",
)
def unknown_member(d: Definition) -> None:
    arguments(d, "Training")["EnableNetworkIsolaton"] = True


@defect("EmpBonusTraining.Arguments", "OutputDataConfig is missing")
def missing_member(d: Definition) -> None:
    del arguments(d, "Training")["OutputDataConfig"]


@defect("EmpBonusTraining.Arguments.ResourceConfig.InstanceType", "'ml.m5.huge' is not a TrainingInstanceType")
def unknown_instance_type(d: Definition) -> None:
    parameter(d, "TrainingInstanceType")["DefaultValue"] = "ml.m5.huge"


@defect("EmpBonusTraining.Arguments.ResourceConfig.VolumeSizeInGB", "'30' is not of type integer")
def wrong_type_of_literal(d: Definition) -> None:
    arguments(d, "Training")["ResourceConfig"]["VolumeSizeInGB"] = "30"


@defect("EmpBonusTraining.Arguments.HyperParameters.epochs", "10 is not of type string")
def number_as_hyperparameter(d: Definition) -> None:
    arguments(d, "Training")["HyperParameters"]["epochs"] = 10


@defect(
    "EmpBonusPreProcessing.Arguments.ProcessingResources.ClusterConfig.InstanceCount",
    "found a String, ProcessingInstanceCount is of type integer: refer to one that is",
)
def text_parameter_for_a_number(d: Definition) -> None:
    cluster = arguments(d, "PreProcessing")["ProcessingResources"]["ClusterConfig"]
    cluster["InstanceCount"] = {"Get": "Parameters.ProcessingInstanceType"}


@defect("EmpBonusTraining.Arguments.ResourceConfig.VolumeSizeInGB", "found a String")
def join_for_a_number(d: Definition) -> None:
    arguments(d, "Training")["ResourceConfig"]["VolumeSizeInGB"] = {"Std:Join": {"On": "", "Values": ["3", "0"]}}


@defect("EmpBonusTraining.Arguments.RoleArn", "'JobRole' is less than 20 characters")
def malformed_role(d: Definition) -> None:
    arguments(d, "Training")["RoleArn"] = "JobRole"


@defect("EmpBonusDataSplit.Arguments.StoppingCondition.MaxRuntimeInSeconds", "0000000 is more")
def runtime_above_the_limit(d: Definition) -> None:
    arguments(d, "DataSplit")["StoppingCondition"]["MaxRuntimeInSeconds"] = 10_000_000


@defect(
    "EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.ModelType",
    "'bonus, linear' is not a CustomerMetadataValue",
)
def metadata_with_a_comma(d: Definition) -> None:
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["ModelType"] = "bonus, linear"


@defect("EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.ModelType", "more than 256")
def metadata_too_long(d: Definition) -> None:
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["ModelType"] = "x" * 257


@defect("EmpBonusRegisterModel.Arguments.ModelPackageGroupName", "is more than 170 characters")
def group_name_too_long(d: Definition) -> None:
    arguments(d, "RegisterModel")["ModelPackageGroupName"] = "x" * 200


@defect("EmpBonusRegisterModel.Arguments.ModelApprovalStatus", "'Maybe' is not a ModelApprovalStatus")
def unknown_approval_status(d: Definition) -> None:
    parameter(d, "ModelApprovalStatus")["EnumValues"].append("Maybe")


@defect(
    "EmpBonusDataSplit.Arguments.AppSpecification.ContainerArguments",
    "101 items: give 1 to 100, as ContainerArguments takes them",
)
def too_many_arguments(d: Definition) -> None:
    arguments(d, "DataSplit")["AppSpecification"]["ContainerArguments"] = ["x"] * 101


@defect("EmpBonusDataSplit.Arguments.ProcessingInputs", "{} is not a list")
def structure_for_a_list(d: Definition) -> None:
    arguments(d, "DataSplit")["ProcessingInputs"] = {}


@defect("EmpBonusRegisterModel.Arguments", "ModelPackageGroupName is missing")
def registration_without_a_group(d: Definition) -> None:
    del arguments(d, "RegisterModel")["ModelPackageGroupName"]
