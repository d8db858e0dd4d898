"""How expressions are written."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect


@defect(
    "EmpBonusTraining.Arguments.OutputDataConfig.S3OutputPath",
    'Std:Join is not well formed: write {"Std:Join": {"On": TEXT, "Values": LIST}}',
)
def join_without_a_list(d: Definition) -> None:
    arguments(d, "Training")["OutputDataConfig"]["S3OutputPath"] = {"Std:Join": {"On": "/", "Values": "s3://b"}}


@defect(
    "EmpBonusTraining.Arguments.OutputDataConfig.S3OutputPath.Std:Join.Values[1]",
    "not a text or a number: join one that is",
)
def join_of_a_structure(d: Definition) -> None:
    values = ["s3://b", {"Get": "Steps.EmpBonusDataSplit.ProcessingOutputConfig"}]
    arguments(d, "Training")["OutputDataConfig"]["S3OutputPath"] = {"Std:Join": {"On": "/", "Values": values}}


@defect("EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.Size", "Std:JsonGet is not well formed")
def property_file_by_its_name(d: Definition) -> None:
    get = {"Std:JsonGet": {"Step": "EmpBonusDataSplit", "PropertyFile": "Sizes", "Path": "a"}}
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["Size"] = get
