"""Executions of pipelines: start, stop, retry, and what there is to know of them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region

from artefacts.assembly import Account
from artefacts.definition.graph import Step, all_steps
from local_aws.sagemaker import pipelines
from local_aws.sagemaker.errors import ApiError, invalid, not_found
from local_aws.sagemaker.execution_threads import ExecutionThread
from local_aws.sagemaker.records import Record, executions, page
from local_runner.engine import check_runnable
from local_runner.errors import RefusedError
from local_runner.interpreter.parameters import parameter_values
from local_runner.record.execution import StepRecord
from local_runner.record.status import Status

_started: list[ExecutionThread] = []
_NOT_EMULATED = ("SelectiveExecutionConfig", "PipelineVersionId", "MlflowExperimentName")


def start(request: Record) -> Record:
    """StartPipelineExecution; a request that is sent twice starts one execution."""
    if unknown := [name for name in _NOT_EMULATED if name in request]:
        raise invalid(f"{unknown[0]} is not emulated: leave it out")
    pipeline = pipelines.find(request["PipelineName"])
    for thread in _threads_of(pipeline):
        if thread.request["ClientRequestToken"] == request["ClientRequestToken"]:
            return {"PipelineExecutionArn": thread.execution.arn}
    definition = json.loads(pipeline["PipelineDefinition"])
    steps = {step.name: step for step in all_steps(definition["Steps"])}
    parameters = _parameters(definition, steps, request)
    thread = ExecutionThread(pipeline, steps, Account(get_account_id(), get_region()), parameters, request)
    executions[thread.execution.arn] = thread
    _started.append(thread)
    thread.start()
    return {"PipelineExecutionArn": thread.execution.arn}


def describe(request: Record) -> Record:
    """DescribePipelineExecution."""
    return _described(_find(request))


def list_all(request: Record) -> Record:
    """ListPipelineExecutions."""
    found = page(
        [_described(thread) for thread in _threads_of(pipelines.find(request["PipelineName"]))],
        request,
        {
            "PipelineName": lambda *_: True,
            "CreatedAfter": lambda record, time: record["CreationTime"] > time,
            "CreatedBefore": lambda record, time: record["CreationTime"] < time,
        },
    )
    summaries = [
        {_SUMMARY[key]: value for key, value in each.items() if key in _SUMMARY} for each in found.pop("Records")
    ]
    return {"PipelineExecutionSummaries": summaries, **found}


def list_steps(request: Record) -> Record:
    """ListPipelineExecutionSteps."""
    steps = [_step(each) for each in list(_find(request).execution.steps.values()) if each.start_time]
    found = page(steps, request, {"PipelineExecutionArn": lambda *_: True})
    return {"PipelineExecutionSteps": [_only(each, _STEP) for each in found.pop("Records")], **found}


def list_parameters(request: Record) -> Record:
    """ListPipelineParametersForExecution."""
    given = _find(request).execution.parameters
    return {"PipelineParameters": [{"Name": name, "Value": str(value)} for name, value in given.items()]}


def definition(request: Record) -> Record:
    """DescribePipelineDefinitionForExecution: the definition that the execution was started with."""
    thread = _find(request)
    return {
        "PipelineDefinition": thread.pipeline["PipelineDefinition"],
        "CreationTime": thread.execution.created.timestamp(),
    }


def stop(request: Record) -> Record:
    """StopPipelineExecution."""
    thread = _find(request)
    if thread.execution.status != Status.EXECUTING:
        raise _conflict(thread, "only one that is executing can be stopped")
    thread.stop()
    return {"PipelineExecutionArn": thread.execution.arn}


def retry(request: Record) -> Record:
    """RetryPipelineExecution: what succeeded is kept."""
    thread = _find(request)
    if thread.execution.status not in {Status.FAILED, Status.STOPPED}:
        raise _conflict(thread, "only one that failed or was stopped can be retried")
    if "ParallelismConfiguration" in request:
        thread.request["ParallelismConfiguration"] = request["ParallelismConfiguration"]
    thread.retry()
    return {"PipelineExecutionArn": thread.execution.arn}


def delete_pipeline(request: Record) -> Record:
    """DeletePipeline, of one that does not run."""
    pipeline = pipelines.find(request["PipelineName"])
    running = [thread.execution.arn for thread in _threads_of(pipeline) if not thread.execution.ended]
    if running:
        raise ApiError("ConflictException", f"{pipeline['PipelineName']} has an execution that runs: stop {running[0]}")
    return pipelines.delete(request)


def end_all(timeout_s: float) -> None:
    """Stop every execution of every account, and wait until their processes have ended."""
    for thread in _started:
        thread.stop()
    for thread in _started:
        thread.wait(timeout_s)


def _parameters(definition: Record, steps: Mapping[str, Step], request: Record) -> dict[str, Any]:
    """Return the value of every parameter; refuse, before anything starts, what cannot run here."""
    given = request.get("PipelineParameters", [])
    names = [each["Name"] for each in given]
    if twice := [name for name in names if names.count(name) > 1]:
        raise invalid(f"parameter {twice[0]} is given twice: give it once")
    functions = {step.document["FunctionArn"] for step in steps.values() if step.type == "Lambda"}
    try:
        check_runnable(steps, functions)  # which functions there are, Lambda will say
        return parameter_values(definition.get("Parameters", []), {each["Name"]: each["Value"] for each in given})
    except RefusedError as error:
        raise invalid(str(error)) from error


def _find(request: Record) -> ExecutionThread:
    found: ExecutionThread | None = executions.get(request["PipelineExecutionArn"])
    if found is None:
        raise not_found("Pipeline execution", request["PipelineExecutionArn"])
    return found


def _conflict(thread: ExecutionThread, remedy: str) -> ApiError:
    return ApiError("ConflictException", f"{thread.execution.arn} is {thread.execution.status}: {remedy}")


def _threads_of(pipeline: Record) -> list[ExecutionThread]:
    return [thread for thread in executions.values() if thread.execution.pipeline_arn == pipeline["PipelineArn"]]


def _described(thread: ExecutionThread) -> Record:
    execution = thread.execution
    modified = execution.modified or execution.created
    record = {
        "PipelineArn": execution.pipeline_arn,
        "PipelineExecutionArn": execution.arn,
        "PipelineExecutionDisplayName": thread.request.get("PipelineExecutionDisplayName", f"execution-{execution.id}"),
        "PipelineExecutionStatus": execution.status,
        "PipelineExecutionDescription": thread.request.get("PipelineExecutionDescription"),
        "FailureReason": execution.failure_reason,
        "CreationTime": execution.created.timestamp(),
        "LastModifiedTime": modified.timestamp(),
        "ParallelismConfiguration": thread.parallelism,
    }
    return {key: value for key, value in record.items() if value}


_SUMMARY = {
    "PipelineExecutionArn": "PipelineExecutionArn",
    "CreationTime": "StartTime",
    "PipelineExecutionStatus": "PipelineExecutionStatus",
    "PipelineExecutionDescription": "PipelineExecutionDescription",
    "PipelineExecutionDisplayName": "PipelineExecutionDisplayName",
    "FailureReason": "PipelineExecutionFailureReason",
}
"""Member of a description -> what a list calls it."""
_STEP = ("StepName", "StartTime", "EndTime", "StepStatus", "FailureReason", "CacheHitResult", "Metadata")


def _step(step: StepRecord) -> Record:
    started, ended = step.start_time, step.end_time
    times = {"StartTime": started and started.timestamp(), "EndTime": ended and ended.timestamp()}
    record = step.to_dict() | times | {"CreationTime": started and started.timestamp()}
    return {key: value for key, value in record.items() if value is not None}


def _only(record: Record, names: tuple[str, ...]) -> Record:
    return {key: value for key, value in record.items() if key in names}


OPERATIONS: dict[str, Callable[[Record], Record]] = {
    "DeletePipeline": delete_pipeline,
    "StartPipelineExecution": start,
    "DescribePipelineExecution": describe,
    "ListPipelineExecutions": list_all,
    "ListPipelineExecutionSteps": list_steps,
    "ListPipelineParametersForExecution": list_parameters,
    "DescribePipelineDefinitionForExecution": definition,
    "StopPipelineExecution": stop,
    "RetryPipelineExecution": retry,
}
