"""Runs a container's program as a process that finds `/opt/ml` in a folder of its own."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from local_runner.errors import StoppedError

ROOT = "/opt/ml"
POLL_S = 0.05
GRACE_S = 10.0
"""Time to end by itself for a program that was asked to; the service gives 120."""


@dataclass(frozen=True)
class Program:
    """What a host of a job runs."""

    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Host:
    """One machine of a job: a folder that is `/opt/ml` to it, and a file for its log."""

    name: str
    root: Path
    log: Path

    def path(self, container_path: str) -> Path:
        """Return where a path of the container (`/opt/ml/...`) lies."""
        return self.root / Path(container_path).relative_to(ROOT)

    def rewrite(self, text: str) -> str:
        """Return a word of a command line with a path of the container replaced by where it lies."""
        return str(self.path(text)) if text == ROOT or text.startswith(f"{ROOT}/") else text


class TimeLimitError(Exception):
    """The job ran longer than its maximum."""


def run_hosts(programs: Mapping[Host, Program], *, maximum_s: float, stop: threading.Event) -> dict[Host, int]:
    """Run one program per host, all at once, and return their exit codes.

    Raises `StoppedError` when *stop* is set, `TimeLimitError` after *maximum_s* seconds; then every process has ended.
    When one fails the others are ended, too.
    """
    deadline = time.monotonic() + maximum_s
    with _started(programs) as processes:
        while None in (codes := [process.poll() for process in processes.values()]) and not any(codes):
            if stop.is_set():
                raise StoppedError
            if time.monotonic() > deadline:
                raise TimeLimitError
            time.sleep(POLL_S)
    return {host: process.returncode for host, process in processes.items()}


@contextmanager
def _started(programs: Mapping[Host, Program]) -> Iterator[dict[Host, subprocess.Popen[bytes]]]:
    """Start the programs; at the end of the block those that still run are ended."""
    processes: dict[Host, subprocess.Popen[bytes]] = {}
    try:
        for host, program in programs.items():
            (host.root / "tmp").mkdir(parents=True, exist_ok=True)
            with host.log.open("wb") as log:
                processes[host] = subprocess.Popen(
                    [host.rewrite(word) for word in program.command],
                    cwd=host.root,
                    env=_environment(host, program),
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    # Ctrl-C must reach the runner alone, which then ends its processes in order.
                    start_new_session=True,
                )
        yield processes
    finally:
        _end(list(processes.values()))


def _environment(host: Host, program: Program) -> dict[str, str]:
    """Return what the program sees: nothing of this machine but where programs lie, and no credentials."""
    base = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(host.root), "TMPDIR": str(host.root / "tmp")}
    return base | {name: host.rewrite(value) for name, value in program.environment.items()}


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End *processes*, and what they have left running, as a container does."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        os.killpg(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a group that has ended
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
