"""Starts a pipeline on AWS: what it is given is checked before, and the version of its data, or the time, found out."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from local_runner.interpreter.parameters import parameter_values
from operations.aws import Aws
from operations.executions.on_aws import AwsExecutions
from operations.refusal import RefusedError
from pipeline_definition.names import DATA_VERSION, INPUT_DATA, WINDOW_END


def start(executions: AwsExecutions, given: Mapping[str, str], now: datetime) -> tuple[str, dict[str, str]]:
    """Start the pipeline with the parameters *given*; return the execution's ARN, and what it was given in the end.

    A window of traffic ends *now*, unless its end is given.
    Raise `RefusedError` where a parameter is not one of the pipeline's, or not of its type.
    """
    declared = json.loads(executions.pipeline_description["PipelineDefinition"])["Parameters"]
    names = {each["Name"] for each in declared}
    if WINDOW_END in names - given.keys():
        given = {**given, WINDOW_END: now.isoformat()}
    if DATA_VERSION in names - given.keys():
        # What is checked first needs some version; finding the real one takes a call for each thousand objects.
        values = parameter_values(declared, {**given, DATA_VERSION: "unknown"})
        given = {**given, DATA_VERSION: find_data_version(values[INPUT_DATA], executions.aws)}
    parameter_values(declared, given)
    parameters: Any = [{"Name": name, "Value": value} for name, value in given.items()]
    started = executions.aws.client("sagemaker").start_pipeline_execution(
        PipelineName=executions.pipeline, PipelineParameters=parameters
    )
    return started["PipelineExecutionArn"], dict(given)


def find_data_version(uri: str, aws: Aws) -> str:
    """Return the version of the data below *uri*: the same as long as no object there is added, changed or deleted.

    Of one object its version in S3, as the rule for new data passes it; of several, a hash of keys and versions:
    docs/decisions/0016. Raise `RefusedError` where there is none.
    """
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    pages = aws.s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
    found = sorted(
        (each["Key"], each["VersionId"]) for page in pages for each in page.get("Versions", []) if each["IsLatest"]
    )
    if not found:
        raise RefusedError(f"no object is below {uri}: aws s3 cp FILE.csv {uri}")
    if len(found) == 1:
        return found[0][1]
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()
