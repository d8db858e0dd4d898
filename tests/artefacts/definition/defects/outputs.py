"""Where steps write."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect


@defect(
    "EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri",
    "no execution id in the path: join Execution.PipelineExecutionId into it",
)
def output_without_execution(d: Definition) -> None:
    output = arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]
    output["S3Uri"] = "s3://emp-bonus-example-data/train"


@defect(
    "EmpBonusTraining.Arguments.OutputDataConfig.S3OutputPath",
    "no execution id in the path: join Execution.PipelineExecutionId into it",
)
def model_without_execution(d: Definition) -> None:
    arguments(d, "Training")["OutputDataConfig"]["S3OutputPath"] = "s3://emp-bonus-example-data/models"


@defect(
    "EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[2].S3Output.S3Uri",
    "reading this S3 prefix also reads EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[3]",
)
def output_that_another_begins_with(d: Definition) -> None:
    outputs = arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"]
    outputs[3]["S3Output"]["S3Uri"]["Std:Join"]["Values"][-1] = "test-rows"


@defect(
    "EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri",
    "'emp-bonus-example-data/' does not begin an S3 URI: begin with s3://",
)
def output_that_is_not_in_s3(d: Definition) -> None:
    uri = arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]
    uri["Std:Join"]["Values"][0] = "emp-bonus-example-data"
