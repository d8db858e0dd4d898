"""Calls a Lambda function."""

from collections.abc import Iterator, Mapping
from typing import Any

from artefacts.definition.values import is_a
from local_runner.errors import StepFailedError
from local_runner.record.step_cache import Result
from local_runner.steps.context import Context, Task


def run_lambda(task: Task, context: Context) -> Result:
    """Do what the service does with a Lambda step: call the function, and take the answers that the step declares."""
    arn = task.step.document["FunctionArn"]
    answer = context.functions.invoke(arn, task.arguments, task.folder)
    outputs = dict(_declared(answer, task.step.document.get("OutputParameters", [])))
    listed = [{"Name": name, "Value": str(value)} for name, value in outputs.items()]
    return Result({"OutputParameters": outputs}, {"Lambda": {"Arn": arn, "OutputParameters": listed}}, {})


def _declared(answer: Mapping[str, Any], declared: list[dict[str, str]]) -> Iterator[tuple[str, Any]]:
    for output in declared:
        name, kind = output["OutputName"], output["OutputType"]
        if name not in answer:
            raise StepFailedError(f"ClientError: the function's answer has no {name}, which the step declares")
        if not is_a(answer[name], kind):
            raise StepFailedError(f"ClientError: {name} of the function's answer is no {kind}")
        yield name, answer[name]
