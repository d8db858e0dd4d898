"""The step cache."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect, steps


@defect(
    "EmpBonusPreProcessing.Arguments.Environment.RUN",
    "Execution.PipelineExecutionId is in the cache key, so it can never hit: move it to an output path",
)
def execution_in_the_cache_key(d: Definition) -> None:
    arguments(d, "PreProcessing")["Environment"]["RUN"] = {"Get": "Execution.PipelineExecutionId"}


@defect(
    "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri.Std:Join.Values[1]",
    "Execution.PipelineExecutionId is in the cache key",
)
def execution_deep_in_the_cache_key(d: Definition) -> None:
    arguments(d, "Training")["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] = {
        "Std:Join": {"On": "/", "Values": ["s3://b", {"Get": "Execution.PipelineExecutionId"}]}
    }


@defect(
    "EmpBonusPreProcessing.Arguments.ProcessingInputs[0].S3Input.S3Uri",
    "the data there can change and the cache would not notice: put a parameter called ...Version into",
)
def data_without_a_version(d: Definition) -> None:
    del arguments(d, "PreProcessing")["Environment"]
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["DataVersion"] = {"Get": "Parameters.DataVersion"}


@defect(
    "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri",
    "the data there can change and the cache would not notice",
)
def fixed_data_without_a_version(d: Definition) -> None:
    source = arguments(d, "Training")["InputDataConfig"][0]["DataSource"]["S3DataSource"]
    source["S3Uri"] = "s3://somewhere/train/"


@defect("EmpBonusTraining.CacheConfig.ExpireAfter", "'30d' is not an ISO 8601 duration")
def malformed_duration(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["CacheConfig"]["ExpireAfter"] = "30d"


@defect("EmpBonusRegisterModel.CacheConfig", "a RegisterModel step is never cached")
def cached_registration(d: Definition) -> None:
    steps(d)["EmpBonusRegisterModel"]["CacheConfig"] = {"Enabled": True, "ExpireAfter": "P30D"}
