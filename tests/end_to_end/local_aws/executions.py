"""Executions of the pipeline that was deployed, as an AWS client meets them."""

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.end_to_end.local_aws.aws import LocalAws

DEADLINE_S = 120.0


@dataclass(frozen=True)
class Execution:
    """One execution."""

    aws: LocalAws
    arn: str

    @property
    def id(self) -> str:
        """Its id, which its job names and S3 prefixes hold."""
        return self.arn.rpartition("/")[2]

    def describe(self) -> dict[str, Any]:
        """Return what DescribePipelineExecution says."""
        described: dict[str, Any] = self.aws.client("sagemaker").describe_pipeline_execution(
            PipelineExecutionArn=self.arn
        )
        return described

    def wait(self) -> str:
        """Wait until the execution has ended, and return its status."""
        deadline = time.monotonic() + DEADLINE_S
        while (status := str(self.describe()["PipelineExecutionStatus"])) in ("Executing", "Stopping"):
            assert time.monotonic() < deadline, f"{self.arn} has not ended: {self.steps()}"
            time.sleep(0.1)
        return status

    def steps(self) -> dict[str, dict[str, Any]]:
        """Return its steps by name."""
        found = self.aws.client("sagemaker").list_pipeline_execution_steps(PipelineExecutionArn=self.arn)
        return {each["StepName"]: each for each in found["PipelineExecutionSteps"]}

    def failures(self) -> dict[str, str]:
        """Return the reasons of the steps that failed, by name."""
        return {name: step["FailureReason"] for name, step in self.steps().items() if step["StepStatus"] == "Failed"}

    def parameters(self) -> dict[str, str]:
        """Return the values of its parameters."""
        found = self.aws.client("sagemaker").list_pipeline_parameters_for_execution(PipelineExecutionArn=self.arn)
        return {each["Name"]: each["Value"] for each in found["PipelineParameters"]}

    def definition(self) -> str:
        """Return the definition that it was started with."""
        found = self.aws.client("sagemaker").describe_pipeline_definition_for_execution(PipelineExecutionArn=self.arn)
        return str(found["PipelineDefinition"])

    def registered(self) -> str:
        """Return the ARN of the version that it registered."""
        return str(self.steps()["EmpBonusRegisterModel"]["Metadata"]["RegisterModel"]["Arn"])

    def read(self, step_output: str) -> Any:
        """Return the JSON document at *step_output*, such as `models/*/evaluation/evaluation.json`."""
        bucket = data_bucket(self.aws)
        found = self.aws.client("s3").get_object(Bucket=bucket, Key=step_output.replace("*", self.id))
        return json.loads(found["Body"].read())


def data_bucket(aws: LocalAws) -> str:
    """Return the name of the bucket with the data."""
    return aws.outputs(aws.stage.storage_stack)["DataBucketName"]


def upload(aws: LocalAws, data: Path, folder: str) -> str:
    """Upload *data* below the raw prefix, into a folder of its own, and return the folder's URI."""
    bucket = data_bucket(aws)
    aws.client("s3").upload_file(str(data), bucket, f"raw/{folder}/{data.name}")
    return f"s3://{bucket}/raw/{folder}/"


def start(aws: LocalAws, **parameters: str) -> Execution:
    """Start the pipeline with *parameters*."""
    given: Any = [{"Name": name, "Value": value} for name, value in parameters.items()]
    started = aws.client("sagemaker").start_pipeline_execution(
        PipelineName=aws.stage.pipeline_name, PipelineParameters=given
    )
    return Execution(aws, started["PipelineExecutionArn"])


def executions(aws: LocalAws) -> list[Execution]:
    """Return all executions, the newest first."""
    found = aws.client("sagemaker").list_pipeline_executions(PipelineName=aws.stage.pipeline_name)
    return [Execution(aws, each["PipelineExecutionArn"]) for each in found["PipelineExecutionSummaries"]]


def archives(text: str) -> set[str]:
    """Return the keys of the code that a definition or a template refers to."""
    return set(re.findall(r"\b[0-9a-f]{64}\.zip", text))
