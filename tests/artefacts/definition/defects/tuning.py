"""A search for hyperparameters; these defects are made in a definition that has one."""

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
