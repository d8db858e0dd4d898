"""Job steps."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect, steps


@defect(
    "EmpBonusRegisterModel.RetryPolicies[0]",
    "SageMaker.CAPACITY_ERROR is not retried by a RegisterModel step: use Step.SERVICE_FAULT, Step.THROTTLING",
)
def retry_of_a_job_error_by_a_registration(d: Definition) -> None:
    steps(d)["EmpBonusRegisterModel"]["RetryPolicies"][0]["ExceptionType"] = ["SageMaker.CAPACITY_ERROR"]


@defect("EmpBonusTraining.RetryPolicies[0]", "Step.THROTLING is not retried by a Training step")
def unknown_retry_error(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["RetryPolicies"][0]["ExceptionType"] = ["Step.THROTLING"]


@defect("No.RetryPolicies[0]", "is not retried by a Fail step: use no retry policy")
def retry_of_a_fail_step(d: Definition) -> None:
    policy = {"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 2}
    d["Steps"].append({"Name": "No", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}, "RetryPolicies": [policy]})


@defect("EmpBonusTraining.RetryPolicies[0]", "no limit, or two: give either MaxAttempts or ExpireAfterMin")
def retry_without_end(d: Definition) -> None:
    del steps(d)["EmpBonusTraining"]["RetryPolicies"][0]["MaxAttempts"]


@defect("EmpBonusTraining.RetryPolicies", "Step.THROTTLING appears in 2 policies: keep one")
def error_retried_twice(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["RetryPolicies"][1]["ExceptionType"].append("Step.THROTTLING")


@defect("EmpBonusDataSplit.Arguments.StoppingCondition", "no MaxRuntimeInSeconds: set one")
def job_without_a_maximum_runtime(d: Definition) -> None:
    del arguments(d, "DataSplit")["StoppingCondition"]


@defect("EmpBonusTraining.Arguments.TrainingJobName", "leaves no room for the 27 characters")
def job_name_too_long(d: Definition) -> None:
    arguments(d, "Training")["TrainingJobName"] = "n" * 40


@defect("EmpBonusDataSplit.Arguments", "InputName cleaned appears 2 times: give each its own")
def input_declared_twice(d: Definition) -> None:
    arguments(d, "DataSplit")["ProcessingInputs"][1]["InputName"] = "cleaned"


@defect("EmpBonusDataSplit.Arguments", "give each a folder beside the others")
def folder_in_another(d: Definition) -> None:
    outputs = arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"]
    outputs[1]["S3Output"]["LocalPath"] = f"{outputs[0]['S3Output']['LocalPath']}/validation"


@defect(
    "EmpBonusDataSplit.Arguments.ProcessingInputs[0].S3Input.S3DataDistributionType",
    "ShardedByS3Key, and any instance may read any file on Spark: set FullyReplicated",
)
def input_in_shards_on_spark(d: Definition) -> None:
    request = arguments(d, "DataSplit")
    image = request["AppSpecification"]["ImageUri"].replace("sagemaker-scikit-learn", "sagemaker-spark-processing")
    request["AppSpecification"]["ImageUri"] = image
    request["ProcessingInputs"][0]["S3Input"]["S3DataDistributionType"] = "ShardedByS3Key"
