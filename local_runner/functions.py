"""Runs a Lambda function as a process, with the code, the event and the AWS client that Lambda would give it."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_runner.container import Host, Program

# Does what Lambda's runtime does. Isolated: it sees the function's archive and installed packages only, such as boto3.
_RUNTIME = """
import importlib, json, pathlib, sys, traceback
code, handler, event, answer = sys.argv[1:]
def tell(kind, error, trace):
    traceback.print_exception(kind, error, trace)
    pathlib.Path(answer).write_text(json.dumps({"errorType": kind.__name__, "errorMessage": str(error)}))
sys.excepthook = tell
sys.path.insert(0, code)
module, _, name = handler.rpartition(".")
found = getattr(importlib.import_module(module), name)(json.loads(pathlib.Path(event).read_text()), None)
pathlib.Path(answer).write_text(json.dumps(found))
"""


@dataclass(frozen=True)
class Function:
    """A Lambda function of the assembly."""

    handler: str
    code: Path
    """Its archive."""
    timeout_s: float


@dataclass(frozen=True)
class Invocation:
    """One call of a function, in a folder of its own."""

    function: Function
    host: Host

    @property
    def answer(self) -> dict[str, Any]:
        """What the function answered, or Lambda's description of its error; empty when it ended without either."""
        file = self.host.root / "answer.json"
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return found

    def program(self, event: Mapping[str, Any], environment: Mapping[str, str]) -> Program:
        """Write *event* and return what has to be run."""
        event_file = self.host.root / "event.json"
        event_file.write_text(json.dumps(event), encoding="utf-8")
        words = [self.function.code, self.function.handler, event_file, self.host.root / "answer.json"]
        return Program([sys.executable, "-I", "-c", _RUNTIME, *map(str, words)], environment)
