"""What IAM decided on the stand-in while something ran, in the words of the proof over the templates."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artefacts.iam.evaluator import Request
from local_aws.server_control import Server
from tests.end_to_end.local_aws.aws import LocalAws

DEADLINE_S = 30.0


@dataclass(frozen=True)
class Answer:
    """One decision."""

    request: Request
    allowed: bool


@dataclass
class Record:
    """The decisions that were made while it was kept."""

    aws: LocalAws
    begin: int
    end: int | None = None

    @property
    def answers(self) -> list[Answer]:
        """All decisions so far, in their order; a line that is just being written does not count yet."""
        lines, _, _ = _log(self.aws).read_bytes()[self.begin : self.end].rpartition(b"\n")
        return [_answer(json.loads(line)) for line in lines.splitlines()]

    def wait_for(self, action: str) -> None:
        """Wait until somebody was allowed to do *action*."""
        deadline = time.monotonic() + DEADLINE_S
        while not any(each.allowed and each.request.action == action for each in self.answers):
            assert time.monotonic() < deadline, f"{action} was not called"
            time.sleep(0.05)


@contextmanager
def recorded(aws: LocalAws) -> Iterator[Record]:
    """Keep a record until the end of the block."""
    record = Record(aws, _log(aws).stat().st_size)
    yield record
    record.end = _log(aws).stat().st_size


def _answer(entry: Mapping[str, Any]) -> Answer:
    context = {key: tuple(value) if isinstance(value, list) else str(value) for key, value in entry["Context"].items()}
    return Answer(Request(_caller(entry["Principal"]), entry["Action"], entry["Resource"], context), entry["Allowed"])


def _caller(principal: str) -> str:
    """Return the ARN of the role whose session *principal* is; a service is itself."""
    if ":assumed-role/" not in principal:
        return principal
    account, name = principal.split(":")[4], principal.split("/")[1]
    return f"arn:aws:iam::{account}:role/{name}"


def _log(aws: LocalAws) -> Path:
    return Server(aws.folder).decisions
