"""Lambda functions as processes, each with the code, the event and the AWS client that Lambda would give it."""

import json
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artefacts.assembly import Account, Function
from local_runner.containers.processes import Host, Program, TimeLimitError, run_hosts
from local_runner.errors import StepFailedError
from local_runner.on_disk.aws_endpoint import serve
from local_runner.on_disk.model_registry import DirectoryRegistry
from local_runner.on_disk.object_store import DirectoryStore

_RUNTIME = Path(__file__).with_name("lambda_runtime.py")


@dataclass(frozen=True)
class FunctionProcesses:
    """The functions of an assembly, whose AWS clients find the local model registry and buckets."""

    functions: Mapping[str, Function]
    """By their ARNs."""
    account: Account
    registry: DirectoryRegistry
    store: DirectoryStore
    stop: threading.Event
    """Set when someone asks the execution to stop."""

    def invoke(self, arn: str, event: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
        """Run the function *arn* to its end, its log in *folder*, and return what it answers.

        Raises `StepFailedError` after the function's timeout, and when it ends with an error.
        """
        function = self.functions[arn]
        host = Host("function", folder / "function", folder / "function.log")
        host.root.mkdir()
        with serve(self.registry, self.store) as endpoint:
            program = _program(function, host, event, self._environment(endpoint))
            try:
                run_hosts({host: program}, maximum_s=function.timeout_s, stop=self.stop)
            except TimeLimitError as error:
                raise StepFailedError(f"ClientError: the function ran longer than {function.timeout_s:g} s") from error
        answer = _answer(host)
        if "errorMessage" in answer:
            raise StepFailedError(f"ClientError: {answer['errorType']}: {answer['errorMessage']}")
        return answer

    def _environment(self, endpoint: str) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL_SAGEMAKER": endpoint,
            "AWS_ENDPOINT_URL_S3": endpoint,
            "AWS_REGION": self.account.region,
            "AWS_DEFAULT_REGION": self.account.region,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",  # pragma: allowlist secret  nobody checks it here
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def _program(function: Function, host: Host, event: Mapping[str, Any], environment: Mapping[str, str]) -> Program:
    """Write *event* and return what has to be run."""
    event_file = host.root / "event.json"
    event_file.write_text(json.dumps(event), encoding="utf-8")
    words = [_RUNTIME, function.code, function.handler, event_file, host.root / "answer.json"]
    return Program([sys.executable, "-I", *map(str, words)], environment)


def _answer(host: Host) -> dict[str, Any]:
    """Return what the function answered, or Lambda's words for its error; empty when it ended without either."""
    file = host.root / "answer.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found
