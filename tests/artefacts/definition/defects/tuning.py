"""A search for hyperparameters; these defects are made in a definition that has one."""

from typing import Any

from tests.artefacts.definition.defects.defect import Definition, arguments, defect, steps


@defect("EmpBonusTuning.RetryPolicies[0]", "SageMaker.JOB_INTERNAL_ERROR is not retried by a Tuning step")
def retry_that_a_search_ignores(d: Definition) -> None:
    steps(d)["EmpBonusTuning"]["RetryPolicies"][0]["ExceptionType"] = ["SageMaker.JOB_INTERNAL_ERROR"]


@defect("EmpBonusTuning.Arguments.HyperParameterTuningJobName", "leaves no room for the 27 characters")
def name_too_long_for_a_search(d: Definition) -> None:
    arguments(d, "Tuning")["HyperParameterTuningJobName"] = "eb-dev"


@defect("EmpBonusTuning.Arguments.HyperParameterTuningJobConfig.ResourceLimits", "no MaxRuntimeInSeconds: set one")
def search_without_end(d: Definition) -> None:
    del arguments(d, "Tuning")["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxRuntimeInSeconds"]


@defect("EmpBonusTuning.Arguments.TrainingJobDefinition.StoppingCondition", "no MaxRuntimeInSeconds: set one")
def jobs_without_a_maximum_runtime(d: Definition) -> None:
    arguments(d, "Tuning")["TrainingJobDefinition"]["StoppingCondition"] = {}


@defect(
    "EmpBonusTuning.Arguments.TrainingJobDefinition.OutputDataConfig.S3OutputPath",
    "no execution id in the path: join Execution.PipelineExecutionId into it",
)
def models_without_execution(d: Definition) -> None:
    arguments(d, "Tuning")["TrainingJobDefinition"]["OutputDataConfig"]["S3OutputPath"] = "s3://emp-bonus/models"


@defect("EmpBonusTuning.Arguments.TrainingJobDefinition.StaticHyperParameters.epochs", "is in the cache key")
def execution_in_the_hyperparameters(d: Definition) -> None:
    static = arguments(d, "Tuning")["TrainingJobDefinition"]["StaticHyperParameters"]
    static["epochs"] = {"Get": "Execution.PipelineExecutionId"}


@defect("EmpBonusEvaluation.Arguments.AppSpecification", "FinalMetricDataList.test:mse.Value is not a property of a")
def metrics_of_one_job(d: Definition) -> None:
    words = arguments(d, "Evaluation")["AppSpecification"]["ContainerArguments"]
    words.append({"Get": "Steps.EmpBonusTuning.FinalMetricDataList['test:mse'].Value"})


@defect("EmpBonusTuning.Arguments", "TrainingJobDefinition is missing: a Tuning step needs it")
def search_without_jobs(d: Definition) -> None:
    del arguments(d, "Tuning")["TrainingJobDefinition"]


@defect("EmpBonusTuning.Arguments.TrainingJobDefinition.ResourceConfig", "no VolumeKmsKeyId")
def no_key_on_the_volumes_of_a_search(d: Definition) -> None:
    del arguments(d, "Tuning")["TrainingJobDefinition"]["ResourceConfig"]["VolumeKmsKeyId"]


@defect("EmpBonusTuning.Arguments.TrainingJobDefinition", "EnableNetworkIsolation is None: set it to true")
def a_search_with_a_network(d: Definition) -> None:
    del arguments(d, "Tuning")["TrainingJobDefinition"]["EnableNetworkIsolation"]


def learning_rate(d: Definition) -> Any:
    """Return the range of the learning rate."""
    ranges = arguments(d, "Tuning")["HyperParameterTuningJobConfig"]["ParameterRanges"]["ContinuousParameterRanges"]
    return next(each for each in ranges if each["Name"] == "learning_rate")


RANGE = "EmpBonusTuning.Arguments.HyperParameterTuningJobConfig.ParameterRanges.ContinuousParameterRanges["


@defect(RANGE, "MinValue 0 on a logarithmic scale: give more than 0, or another ScalingType")
def logarithm_of_zero(d: Definition) -> None:
    learning_rate(d).update(MinValue="0", ScalingType="Logarithmic")


@defect(RANGE, "from 0.5 to 2 on a reverse logarithmic scale: stay from 0 to below 1")
def reverse_logarithm_above_one(d: Definition) -> None:
    learning_rate(d).update(MinValue="0.5", MaxValue="2", ScalingType="ReverseLogarithmic")


@defect(RANGE, "MinValue 1 is more than MaxValue 0.1: exchange them")
def range_that_is_empty(d: Definition) -> None:
    learning_rate(d).update(MinValue="1", MaxValue="0.1", ScalingType="Linear")


@defect(RANGE, "from 'low' to '1': write numbers")
def range_of_words(d: Definition) -> None:
    learning_rate(d).update(MinValue="low", MaxValue="1")


@defect(
    "EmpBonusTuning.Arguments.TrainingJobDefinition", "without a MaxWaitTimeInSeconds: set one in StoppingCondition"
)
def spot_jobs_without_a_wait(d: Definition) -> None:
    arguments(d, "Tuning")["TrainingJobDefinition"]["EnableManagedSpotTraining"] = True


@defect(
    "EmpBonusTuning.Arguments.TrainingJobDefinition",
    "ResourceConfig and HyperParameterTuningResourceConfig exclude each other: keep one",
)
def jobs_with_two_clusters(d: Definition) -> None:
    arguments(d, "Tuning")["TrainingJobDefinition"]["HyperParameterTuningResourceConfig"] = {}


@defect("EmpBonusTuning.Arguments", "TrainingJobDefinition and TrainingJobDefinitions exclude each other: keep one")
def search_with_two_kinds_of_jobs(d: Definition) -> None:
    arguments(d, "Tuning")["TrainingJobDefinitions"] = [arguments(d, "Tuning")["TrainingJobDefinition"]]


@defect(
    "EmpBonusTuning.Arguments.TrainingJobDefinition.InputDataConfig[0].ContentType", "csv is no content type of Lin"
)
def content_type_of_a_search(d: Definition) -> None:
    arguments(d, "Tuning")["TrainingJobDefinition"]["InputDataConfig"][0]["ContentType"] = "csv"
