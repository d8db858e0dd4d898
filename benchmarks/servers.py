"""Starts what is measured as the scikit-learn image starts its server: gunicorn with gevent's workers, on 127.0.0.1."""

import http.client
import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psutil

WORKERS = 2
_TIMEOUT_S = 120


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    name: str
    port: int
    pid: int

    def cpu_s(self) -> float:
        """Return the processor time that its workers have used."""
        times = [worker.cpu_times() for worker in psutil.Process(self.pid).children()]
        return sum(each.user + each.system for each in times)

    def memory_mb(self) -> float:
        """Return the memory of its greatest worker."""
        return max(worker.memory_info().rss for worker in psutil.Process(self.pid).children()) / (1 << 20)

    def send(self, body: str, content_type: str) -> Any:
        """Return the answer to one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT_S)
        connection.request("POST", "/invocations", body.encode(), {"Content-Type": content_type})
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.status != HTTPStatus.OK:
            raise SystemExit(f"{self.name} answers {response.status}, {answer[:200]!r}: see what it wrote")
        return json.loads(answer)


@contextmanager
def serve(name: str, python: Path, module: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """Start the WSGI application *module* from *folder*, wait for it, and end it whatever happens meanwhile."""
    with (folder / f"{name}.log").open("wb") as log, socket.create_server(("127.0.0.1", 0)) as listener:
        port, descriptor = listener.getsockname()[1], listener.fileno()
        command = [
            *(str(python), "-m", "gunicorn", "-k", "gevent", "-w", str(WORKERS)),
            "-b",
            f"fd://{descriptor}",
            module,
        ]
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stderr=log, pass_fds=[descriptor]
        )
    server = Server(name, port, process.pid)
    try:
        _wait(server, Path(log.name))
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, log: Path) -> None:
    """Wait for the answer to a ping; the socket listens already, and is closed where no server comes up."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", "/ping")
        connection.getresponse()
    except OSError as error:
        raise SystemExit(f"{server.name} does not start ({error}):\n{log.read_text(errors='replace')}") from error
    finally:
        connection.close()
