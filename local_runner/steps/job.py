"""What processing and training jobs share: a name, hosts, and how they fail."""

import json
import re
import secrets
import shutil
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from artefacts.definition.checker.service_model import OPERATIONS
from local_runner.containers.processes import Host, Program, TimeLimitError, run_hosts
from local_runner.errors import StepFailedError
from local_runner.steps.context import Context, Task
from local_runner.steps.request import validate_request

CUSTOMER = "Customer Error: "
"""With it an algorithm of Amazon's says that the fault is its user's, which the service calls a ClientError.

Source: a failure of Linear Learner in aws/amazon-sagemaker-examples, issue 1017.
"""


class Job(NamedTuple):
    """A job that the service has taken on."""

    name: str
    arn: str


def submit(task: Task, context: Context) -> Job:
    """Ask for the job that *task* describes; raise `StepFailedError` when it is refused before anything runs."""
    validate_request(task.step.type, task)
    operation = OPERATIONS[task.step.type]
    name = _complete(task.arguments[operation.job_name], context.execution_id)
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", operation.create.removeprefix("Create")).lower()
    arn = context.account.arn("sagemaker", f"{kind}/{name}")
    context.jobs.accept(task.step.name, (operation.create, *operation.describe), arn, task.arguments)
    return Job(name, arn)


def _complete(prefix: str, execution_id: str) -> str:
    """Return the name of a job as the service completes the definition's, with what tells executions and tries apart.

    `<baseJobName>-<executionId>-<entityToken>-<failureCount>`: aws/sagemaker-python-sdk #3946. That the token has ten
    letters of both cases was seen in names of jobs without a prefix; that failures are counted from 0 is our guess.
    """
    token = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(10))
    return f"{prefix}-{execution_id}-{token}-0"


def make_hosts(folder: Path, count: int) -> list[Host]:
    """Return the hosts of a job, each with a fresh folder below *folder*."""
    names = [f"algo-{number}" for number in range(1, count + 1)]
    hosts = [Host(name, folder / name, folder / f"{name}.log") for name in names]
    for host in hosts:
        host.root.mkdir(parents=True)
    return hosts


def write_config(host: Host, path: str, document: Mapping[str, Any]) -> None:
    """Write one of the JSON files that the service puts into a container."""
    file = host.path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document), encoding="utf-8")


def resource_config(host: Host, hosts: Sequence[Host]) -> dict[str, Any]:
    """Return the resource configuration that a host reads: its name and those of the others."""
    return {"current_host": host.name, "hosts": [each.name for each in hosts], "network_interface_name": "lo"}


def run_job(
    programs: Mapping[Host, Program], maximum_s: float, context: Context, message: Callable[[Host], str]
) -> None:
    """Run a job to its end; raise `StepFailedError` with the FailureReason that the service would give.

    *message* reads what a host's program says of its failure.
    """
    try:
        codes = run_hosts(programs, maximum_s=maximum_s, stop=context.stop)
    except TimeLimitError as error:
        raise StepFailedError(f"StoppedAtTimeLimit: the job ran longer than {maximum_s:g} s") from error
    # A program that was ended because another one failed has a negative code.
    failed = [host for host, code in codes.items() if code > 0] or [host for host, code in codes.items() if code]
    if failed:
        host = failed[0]
        text = message(host) or f"see {host.log}"
        kind = "ClientError" if text.startswith(CUSTOMER) else "AlgorithmError"
        raise StepFailedError(f"{kind}: {text.removeprefix(CUSTOMER)}, exit code: {codes[host]}")


def read_text(host: Host, path: str) -> str:
    """Return the text of a file that a program may have written, shortened as the service does."""
    file = host.path(path)
    return file.read_text(encoding="utf-8").strip()[:1024] if file.is_file() else ""


def clear(hosts: Iterable[Host]) -> None:
    """Remove the folders of a job that has succeeded; its logs stay."""
    for host in hosts:
        shutil.rmtree(host.root)
