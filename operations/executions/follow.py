"""Looks at an execution again and again until it has ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import ClientError

from artefacts.execution import Execution
from operations.aws_errors import THROTTLED, UNREACHABLE, read_error
from operations.clock import Clock
from operations.executions.source import Executions, UnknownExecutionError

START_S = 60.0
"""How long after its start an execution may be unknown: comdaze/sagemaker-mldlc-workflow, 2026-09, saw that."""


@dataclass(frozen=True)
class Snapshot:
    """How an execution stood at a time, or what kept us from seeing it."""

    at: datetime
    execution: Execution | None
    """As it was seen last; None before it was."""
    trouble: str = ""


def follow(executions: Executions, arn: str, clock: Clock, *, poll_s: float, new: bool = False) -> Iterator[Snapshot]:
    """Yield a snapshot of the execution *arn* each *poll_s* seconds, the last one when it has ended.

    What passes by itself, throttling and a network that is away, is told and survived; so is that one that is *new* is
    not known yet. All else is raised, such as that the credentials have expired.
    """
    seen: Execution | None = None
    begun_s = clock.monotonic_s()
    while seen is None or not seen.has_ended:
        trouble = ""
        try:
            seen = executions.read(arn)
        except UnknownExecutionError:
            if not new or seen or clock.monotonic_s() - begun_s > START_S:
                raise
            trouble = "not known yet, looking again"
        except ClientError as error:
            code, _ = read_error(error)
            if code not in THROTTLED:
                raise
            trouble = f"{error.operation_name} is throttled ({code}), looking again in {poll_s:g} s"
        except UNREACHABLE as error:
            if seen is None:
                raise
            trouble = f"no answer ({type(error).__name__}), looking again in {poll_s:g} s"
        yield Snapshot(clock.now(), seen, trouble)
        if seen is None or not seen.has_ended:
            clock.sleep(poll_s)
