"""Starts a version's endpoint as a process, and ends it."""

import errno
import http.client
import json
import os
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from local_runner.containers.processes import GRACE_S
from local_runner.endpoint import PROJECT
from local_runner.endpoint.capture import Destination
from local_runner.endpoint.container import Container, open_container
from local_runner.errors import RefusedError
from local_runner.versions import Version

HOST = "127.0.0.1"
HIGHEST_PORT = 65_535

_BACKLOG = 128
_START_LIMIT_S = 60.0
"""For the first answer to a ping; SageMaker gives a container some minutes."""


@dataclass(frozen=True)
class Endpoint:
    """A version that answers."""

    url: str
    _process: subprocess.Popen[bytes]
    _log: Path

    def wait(self) -> None:
        """Wait until the process ends by itself, which it should not: raise `RefusedError` with its last words."""
        self._process.wait()
        raise RefusedError(f"the endpoint ended by itself: {_read_last_line(self._log)}")


def listen(port: int) -> socket.socket:
    """Return a socket that listens on *port*, or on any free one where it is 0; raise `RefusedError` if it is taken."""
    try:
        return socket.create_server((HOST, port), backlog=_BACKLOG)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "in use" if error.errno == errno.EADDRINUSE else "reserved for the administrator"
        raise RefusedError(f"port {port} is {why}: choose another with PORT=..., or any free one with PORT=0") from None


@contextmanager
def start_endpoint(version: Version, listener: socket.socket, capture: Destination | None = None) -> Iterator[Endpoint]:
    """Serve *version* on *listener*, which the process takes over, until the block ends; *capture* its answers.

    Raises `RefusedError` where the version does not answer a ping.
    """
    with listener, open_container(version, figures=capture is not None) as container:
        log, port = container.root / "log", listener.getsockname()[1]
        with log.open("wb") as file:
            process = _start(version, container, listener, file, capture)
        listener.close()  # so that connections break when the process ends
        try:
            _check_health(port, log)
            yield Endpoint(f"http://{HOST}:{port}", process, log)
        finally:
            _end(process)


def read_sample(version: Version) -> str:
    """Return the sample payload: a made-up record, as it is sent."""
    with tarfile.open(version.sample, "r:gz") as archive:
        (member,) = archive.getmembers()
        file = archive.extractfile(member)
        return file.read().decode() if file else ""


def _start(
    version: Version, container: Container, listener: socket.socket, log: IO[bytes], capture: Destination | None
) -> subprocess.Popen[bytes]:
    page = {
        "title": str(version),
        "status": version.status,
        "created": version.created,
        "sample": json.loads(read_sample(version)),
    }
    arguments = ("--listener", listener.fileno(), "--model", container.model, "--page", json.dumps(page))
    captured = ("--capture", capture.folder, "--endpoint", capture.endpoint) if capture else ()
    path = [value for name, value in container.environment.items() if name == "PYTHONPATH"]
    return subprocess.Popen(
        container.command("local_runner.endpoint", *arguments, *captured),
        cwd=container.root,
        env={**container.environment, "PYTHONPATH": os.pathsep.join([*path, str(PROJECT)])},
        pass_fds=[listener.fileno()],
        stdin=subprocess.PIPE,  # it ends when this does
        stdout=log,
        stderr=log,
        start_new_session=True,  # Ctrl-C must reach this process alone
    )


def _check_health(port: int, log: Path) -> None:
    """Return once a ping is answered; a connection waits until the process accepts it, and breaks when it ends."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_START_LIMIT_S)
    try:
        connection.request("GET", "/ping")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        connection.close()
    if status != http.HTTPStatus.OK:
        found = f"answers a ping with {status}" if status else f"does not start: {_read_last_line(log)}"
        raise RefusedError(f"the version {found}; serve another with VERSION=..., or register one with make run")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _read_last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1] if lines else "it said nothing"
