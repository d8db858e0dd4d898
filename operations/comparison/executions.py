"""Where executions are read from that are compared: an account, or the folder of the local runner."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from execution_report.arns import last_part
from execution_report.aws_source import read_facts
from execution_report.sources import EXECUTION, Facts, read_folder
from local_runner.on_disk.workspace import DEFINITION
from operations.aws import Aws
from operations.aws_errors import DENIED, is_missing, read_error
from operations.comparison.contestant import UnknownExecutionError


@dataclass(frozen=True)
class AwsExecutions:
    """Those of the stage's account."""

    aws: Aws = field(repr=False)

    def parameters(self, arn: str) -> dict[str, str]:
        """Return the parameters that it ran with."""
        with _unknown():
            pages = self.aws.sagemaker.get_paginator("list_pipeline_parameters_for_execution").paginate(
                PipelineExecutionArn=arn
            )
            return {each["Name"]: each["Value"] for page in pages for each in page["PipelineParameters"]}

    def definition(self, arn: str) -> dict[str, Any]:
        """Return the definition that it was started with."""
        with _unknown():
            answer = self.aws.sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=arn)
            found: dict[str, Any] = json.loads(answer["PipelineDefinition"])
            return found

    def facts(self, arn: str) -> Facts:
        """Return what it came to."""
        return read_facts(arn, self.aws.sagemaker, self.aws.s3)


@contextmanager
def _unknown() -> Iterator[None]:
    """Tell what is not there, or another account's, from what is wrong with the credentials."""
    try:
        yield
    except ClientError as error:
        code, message = read_error(error)
        if not is_missing(error) and code not in DENIED:
            raise
        raise UnknownExecutionError(f"{code}: {message}") from error


@dataclass(frozen=True)
class LocalExecutions:
    """Those below the *folder* of the local runner's executions."""

    folder: Path

    def parameters(self, arn: str) -> dict[str, str]:
        """Return the parameters that it ran with."""
        return {each["Name"]: each["Value"] for each in self._read(arn, EXECUTION)["PipelineParameters"]}

    def definition(self, arn: str) -> dict[str, Any]:
        """Return the definition that it was started with."""
        return self._read(arn, DEFINITION)

    def facts(self, arn: str) -> Facts:
        """Return what it came to."""
        return read_folder(self.folder / last_part(arn))

    def _read(self, arn: str, file: str) -> dict[str, Any]:
        path = self.folder / last_part(arn) / file
        if not path.is_file():
            raise UnknownExecutionError(f"{path} does not exist")
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document
