"""Calls a Lambda function, whose AWS client finds the local model registry."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_runner.container import Host, TimeLimitError, run_hosts
from local_runner.errors import StepFailedError
from local_runner.functions import Invocation
from local_runner.registry_endpoint import serve
from local_runner.step_cache import Result
from local_runner.steps.context import Context, Task
from pipeline_language.values import is_a


def run_lambda(task: Task, context: Context) -> Result:
    """Do what the service does with a Lambda step: call the function, and take the answers that the step declares."""
    arn = task.step.document["FunctionArn"]
    root = task.folder / "function"
    root.mkdir()
    invocation = Invocation(context.functions[arn], Host("function", root, task.folder / "function.log"))
    with serve(context.registry) as endpoint:
        answer = _invoke(invocation, task.arguments, context, _client_environment(context, endpoint))
    outputs = dict(_declared(answer, task.step.document.get("OutputParameters", [])))
    told = [{"Name": name, "Value": str(value)} for name, value in outputs.items()]
    return Result({"OutputParameters": outputs}, {"Lambda": {"Arn": arn, "OutputParameters": told}}, {})


def _invoke(
    invocation: Invocation, event: Mapping[str, Any], context: Context, environment: Mapping[str, str]
) -> dict[str, Any]:
    limit = invocation.function.timeout_s
    try:
        run_hosts({invocation.host: invocation.program(event, environment)}, maximum_s=limit, stop=context.stop)
    except TimeLimitError as error:
        raise StepFailedError(f"ClientError: the function ran longer than {limit:g} s") from error
    answer = invocation.answer
    if "errorMessage" in answer:
        raise StepFailedError(f"ClientError: {answer['errorType']}: {answer['errorMessage']}")
    return answer


def _client_environment(context: Context, endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL_SAGEMAKER": endpoint,
        "AWS_REGION": context.account.region,
        "AWS_DEFAULT_REGION": context.account.region,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",  # pragma: allowlist secret  nobody checks it here
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _declared(answer: Mapping[str, Any], declared: list[dict[str, str]]) -> Iterator[tuple[str, Any]]:
    for output in declared:
        name, kind = output["OutputName"], output["OutputType"]
        if name not in answer:
            raise StepFailedError(f"ClientError: the function's answer has no {name}, which the step declares")
        if not is_a(answer[name], kind):
            raise StepFailedError(f"ClientError: {name} of the function's answer is no {kind}")
        yield name, answer[name]
