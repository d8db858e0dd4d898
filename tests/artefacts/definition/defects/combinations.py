"""Members that the service takes in certain combinations only."""

from typing import Any

from tests.artefacts.definition.defects.defect import Definition, arguments, defect

INPUT = "EmpBonusDataSplit.Arguments.ProcessingInputs[0]"
CLUSTER = "EmpBonusDataSplit.Arguments.ProcessingResources.ClusterConfig"


def first_input(d: Definition) -> Any:
    """Return the first input of the split."""
    return arguments(d, "DataSplit")["ProcessingInputs"][0]


def cluster(d: Definition) -> Any:
    """Return what the split runs on."""
    return arguments(d, "DataSplit")["ProcessingResources"]["ClusterConfig"]


@defect(INPUT, "none of S3Input, DatasetDefinition is there: give one")
def input_from_nowhere(d: Definition) -> None:
    del first_input(d)["S3Input"]


@defect(f"{INPUT}.S3Input", "S3Uri is missing: ProcessingS3Input needs it")
def s3_input_without_members(d: Definition) -> None:
    first_input(d)["S3Input"] = {}


@defect(INPUT, "S3Input has no LocalPath: give one, or set AppManaged to true")
def input_to_nowhere(d: Definition) -> None:
    del first_input(d)["S3Input"]["LocalPath"]


@defect(INPUT, "LocalPath /data of S3Input: begin with /opt/ml/processing/")
def input_beside_the_folder_of_jobs(d: Definition) -> None:
    first_input(d)["S3Input"]["LocalPath"] = "/data"


@defect(INPUT, "S3Input and DatasetDefinition exclude each other: keep one")
def input_from_two_sources(d: Definition) -> None:
    first_input(d)["DatasetDefinition"] = {"LocalPath": "/opt/ml/processing/other"}


@defect(INPUT, "S3CompressionType is Gzip and S3InputMode File: only Pipe unpacks; set None")
def files_that_are_not_unpacked(d: Definition) -> None:
    first_input(d)["S3Input"] |= {"S3CompressionType": "Gzip", "S3InputMode": "File"}


@defect(f"{INPUT}.S3Input", "'s3://bucket/x' is not a structure: write the members of ProcessingS3Input")
def text_for_an_s3_input(d: Definition) -> None:
    first_input(d)["S3Input"] = "s3://bucket/x"


@defect(
    "EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[0]", "none of S3Output, FeatureStoreOutput is there"
)
def output_to_nowhere(d: Definition) -> None:
    del arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]


@defect(
    "EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[0]", "S3Output has no LocalPath: give one, or set A"
)
def output_from_nowhere(d: Definition) -> None:
    del arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["LocalPath"]


@defect(CLUSTER, "none of InstanceType, InstancePreferences is there: give one")
def cluster_of_no_instances(d: Definition) -> None:
    del cluster(d)["InstanceType"]


@defect(CLUSTER, "InstanceCount is missing: InstanceType needs it")
def cluster_of_no_size(d: Definition) -> None:
    del cluster(d)["InstanceCount"]


@defect("EmpBonusDataSplit.Arguments.ProcessingResources", "ClusterConfig is missing")
def job_without_a_cluster(d: Definition) -> None:
    arguments(d, "DataSplit")["ProcessingResources"] = {}


@defect("EmpBonusTraining.Arguments.ResourceConfig", "InstanceType and InstanceGroups exclude each other: keep one")
def training_on_two_clusters(d: Definition) -> None:
    arguments(d, "Training")["ResourceConfig"]["InstanceGroups"] = []


@defect(
    "EmpBonusTraining.Arguments.AlgorithmSpecification", "TrainingImage and AlgorithmName exclude each other: keep o"
)
def two_algorithms(d: Definition) -> None:
    arguments(d, "Training")["AlgorithmSpecification"]["AlgorithmName"] = "linear-learner"


@defect("EmpBonusTraining.Arguments.AlgorithmSpecification", "none of TrainingImage, AlgorithmName is there: give one")
def no_algorithm(d: Definition) -> None:
    del arguments(d, "Training")["AlgorithmSpecification"]["TrainingImage"]


@defect("EmpBonusTraining.Arguments", "AlgorithmSpecification is missing: a Training step needs it")
def training_of_nothing(d: Definition) -> None:
    del arguments(d, "Training")["AlgorithmSpecification"]


@defect(
    "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource", "none of S3DataSource, FileSystemDataSource, Dataset"
)
def channel_from_nowhere(d: Definition) -> None:
    arguments(d, "Training")["InputDataConfig"][0]["DataSource"] = {}


@defect(
    "EmpBonusTraining.Arguments", "EnableManagedSpotTraining without a MaxWaitTimeInSeconds: set one in StoppingCond"
)
def spot_without_a_wait(d: Definition) -> None:
    arguments(d, "Training")["EnableManagedSpotTraining"] = True


@defect(
    "EmpBonusTraining.Arguments", "MaxWaitTimeInSeconds 60 is less than MaxRuntimeInSeconds 3600: give at least as m"
)
def spot_that_waits_less_than_it_runs(d: Definition) -> None:
    arguments(d, "Training")["EnableManagedSpotTraining"] = True
    arguments(d, "Training")["StoppingCondition"] = {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 60}


@defect(
    "EmpBonusTraining.Arguments", "MaxWaitTimeInSeconds without EnableManagedSpotTraining: remove it, or set that to"
)
def wait_without_spot(d: Definition) -> None:
    arguments(d, "Training")["StoppingCondition"]["MaxWaitTimeInSeconds"] = 100_000


@defect("EmpBonusRegisterModel.Arguments", "ModelPackageName and ModelPackageGroupName exclude each other: keep one")
def model_with_two_names(d: Definition) -> None:
    arguments(d, "RegisterModel")["ModelPackageName"] = "bonus"
