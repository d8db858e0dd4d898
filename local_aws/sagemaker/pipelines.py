"""Pipelines: a definition that is checked when it is stored, and the role that runs it."""

import json
import time

from artefacts.definition.checker import DefinitionError, check_definition
from local_aws.sagemaker.errors import ApiError, invalid, not_found
from local_aws.sagemaker.records import Record, arn, name_of, page, pipelines, stamped, tags

_STORED = ("PipelineDisplayName", "PipelineDescription", "RoleArn", "ParallelismConfiguration", "PipelineDefinition")


def create(request: Record) -> Record:
    """CreatePipeline."""
    name = request["PipelineName"]
    if name in pipelines:
        raise invalid(
            f"Pipeline names must be unique within an AWS account and region. Pipeline with name {name} exists"
        )
    _check(name, request)
    record = stamped({"PipelineName": name, "PipelineArn": arn("pipeline", name), "PipelineStatus": "Active"})
    pipelines[name] = record | {key: request[key] for key in _STORED if key in request}
    tags[record["PipelineArn"]] = request.get("Tags", [])
    return {"PipelineArn": record["PipelineArn"]}


def update(request: Record) -> Record:
    """UpdatePipeline."""
    record = find(request["PipelineName"])
    _check(record["PipelineName"], request)
    record |= {key: request[key] for key in _STORED if key in request} | {"LastModifiedTime": time.time()}
    return {"PipelineArn": record["PipelineArn"]}


def describe(request: Record) -> Record:
    """DescribePipeline."""
    return find(request["PipelineName"])


def list_all(request: Record) -> Record:
    """ListPipelines."""
    found = page(
        pipelines.values(),
        request,
        {"PipelineNamePrefix": lambda record, prefix: record["PipelineName"].startswith(prefix)},
    )
    return {"PipelineSummaries": found.pop("Records"), **found}


def delete(request: Record) -> Record:
    """Delete a pipeline; `executions` says whether it may be deleted."""
    record = find(request["PipelineName"])
    del pipelines[record["PipelineName"]]
    tags.pop(record["PipelineArn"], None)
    return {"PipelineArn": record["PipelineArn"]}


def find(identifier: str) -> Record:
    """Return the pipeline with this name or ARN."""
    record: Record | None = pipelines.get(name_of(identifier))
    if record is None:
        raise not_found("Pipeline", identifier)
    return record


def _check(name: str, request: Record) -> None:
    if "PipelineDefinitionS3Location" in request:
        raise invalid("PipelineDefinitionS3Location is not emulated: pass the definition itself")
    if "PipelineDefinition" not in request:
        return
    try:
        check_definition(request["PipelineDefinition"], pipeline_name=name)
    except (DefinitionError, json.JSONDecodeError) as error:
        raise ApiError("ValidationException", f"Invalid pipeline definition: {error}") from error
