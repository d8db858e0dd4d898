"""What `watch` and `start --watch` do: they show an execution until it has ended, and say what came of it."""

import argparse
import dataclasses
import sys
from typing import TYPE_CHECKING, Any

from operations.cli.exit_code import ExitCode
from operations.cli.output import note, print_json

if TYPE_CHECKING:
    from artefacts.execution import Execution
    from operations.cli.context import Context
    from operations.cli.progress import Price
    from operations.executions.outcome import Failure
    from operations.executions.source import Executions

LOG_LINES = 10


def add_following(parser: argparse.ArgumentParser) -> None:
    """Add how often to look."""
    parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="how often to look (%(default)g)")


def show_until_ended(
    options: argparse.Namespace, context: "Context", executions: "Executions", arn: str, *, new: bool = False
) -> int:
    """Show the execution *arn* until it has ended; return 0 if it succeeded, 1 if not, 130 if nobody looks any more."""
    from rich.console import Console

    from execution_report.arns import last_part
    from operations.cli.progress import show_progress
    from operations.executions.follow import follow

    id_ = last_part(arn)
    try:
        # Standard output is for the one document that --json asks for.
        console = Console(file=sys.stderr if options.json else None)
        snapshots = follow(executions, arn, context.clock, poll_s=options.every, new=new)
        seen = show_progress(snapshots, console, None if options.local else find_price(arn))
    except KeyboardInterrupt:
        note(f"stopped watching: execution {id_} goes on; watch {id_} looks again, stop {id_} ends it")
        return ExitCode.STOPPED
    return _conclude(options, executions, seen) if seen else 1


def find_price(arn: str) -> "Price":
    """Return what an hour of an instance costs in the region of *arn*."""
    from operations.prices import find_hourly_usd

    return lambda instance_type: find_hourly_usd(arn.split(":")[3], instance_type)


def _conclude(options: argparse.Namespace, executions: "Executions", seen: "Execution") -> int:
    from operations.executions.outcome import find_failure

    failure = find_failure(seen)
    if failure and failure.step and failure.step.job:
        seen = executions.read_whole(seen.arn)  # what the failed job said itself
        failure = find_failure(seen)
    if options.json:
        print_json({**dataclasses.asdict(seen), "failure": _to_document(failure)})
    elif failure:
        _print_failure(executions, seen, failure)
    else:
        print(": ".join(filter(None, (f"{seen.id} {seen.status}", _name_outcome(executions, seen)))))
    return 1 if failure else 0


def _print_failure(executions: "Executions", seen: "Execution", failure: "Failure") -> None:
    step = failure.step
    print(f"{seen.id} {seen.status}{f' at {step.name}' if step else ''}: {failure.reason}")
    for log in executions.read_logs(seen, step, LOG_LINES) if step else ():
        print(f"Last lines of {log.where}:")
        for line in log.lines:
            print(f"  {line}")
    print(f"What to do: {failure.runbook}")


def _to_document(failure: "Failure | None") -> dict[str, Any] | None:
    if failure is None:
        return None
    return {"step": failure.step and failure.step.name, "reason": failure.reason, "runbook": failure.runbook}


def _name_outcome(executions: "Executions", seen: "Execution") -> str:
    """Return the version that was registered, or the verdict on a window of traffic; nothing of other executions."""
    from execution_report.sections.monitoring import is_monitoring, monitoring_line

    if is_monitoring(seen):
        return monitoring_line(executions.read_facts(seen.arn))
    if not seen.package_arn:
        return ""
    group, _, version = seen.package_arn.rpartition("/")
    return f"registered version {version} of {group.rpartition('/')[2]}"
