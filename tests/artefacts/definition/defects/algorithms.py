"""What Linear Learner reads and writes."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect

CHANNEL = "EmpBonusTraining.Arguments.InputDataConfig[1].ContentType"
INFERENCE = "EmpBonusRegisterModel.Arguments.InferenceSpecification"


@defect(CHANNEL, "csv is no content type of Linear Learner here: use text/csv or application/x-recordio-protobuf")
def channel_of_csv(d: Definition) -> None:
    arguments(d, "Training")["InputDataConfig"][1]["ContentType"] = "csv"


@defect(CHANNEL, "None is no content type of Linear Learner here: use text/csv or application/x-recordio-protobuf")
def channel_of_nothing(d: Definition) -> None:
    del arguments(d, "Training")["InputDataConfig"][1]["ContentType"]


@defect(
    f"{INFERENCE}.SupportedContentTypes", "application/x-parquet is no content type of Linear Learner here: use text"
)
def model_that_takes_parquet(d: Definition) -> None:
    arguments(d, "RegisterModel")["InferenceSpecification"]["SupportedContentTypes"].append("application/x-parquet")


@defect(
    f"{INFERENCE}.SupportedResponseMIMETypes", "text/csv is no content type of Linear Learner here: use application/"
)
def model_that_answers_csv(d: Definition) -> None:
    arguments(d, "RegisterModel")["InferenceSpecification"]["SupportedResponseMIMETypes"] = ["text/csv"]
