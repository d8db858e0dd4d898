"""The server of the scikit-learn image starts the artefact and outlives whatever is sent; in `make test-container`.

That is gunicorn with gevent's workers behind a UNIX socket, as the image's `serve` starts it. nginx before it and the
toolkit that puts the command together are not on PyPI in a form that installs here, and not tried.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from processing.serving_files import CODE
from tests.inference.caller import RECORD, Caller
from tests.inference.test_application import BAD

# The SDK brings some version of gunicorn along, but no gevent.
pytest.importorskip("gevent", reason="the image's server is installed in the container's environment only")

GOOD = json.dumps(RECORD).encode()


class Connection(http.client.HTTPConnection):
    """HTTP over a UNIX socket, as between nginx and gunicorn."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def send(server: Path, body: bytes | str, *, path: str = "/invocations", **headers: str) -> tuple[int, bytes]:
    connection = Connection(server)
    try:
        connection.request("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def is_up(server: Path) -> bool:
    connection = Connection(server)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.fixture(scope="module")
def folder(served: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(served, tmp_path_factory.mktemp("image") / "model")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Path]:
    """The socket of a server with two workers."""
    with tempfile.TemporaryDirectory() as short:  # a socket's path has at most 108 characters
        path = Path(short) / "gunicorn.sock"
        command = [sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", "2", "--timeout", "60", "-b", f"unix:{path}"]
        environment = {**os.environ, "PYTHONPATH": str(folder / CODE), "MODEL_VERSION": "7"}
        process = subprocess.Popen([*command, "inference.wsgi:application"], cwd=short, env=environment)
        try:
            deadline = time.monotonic() + 60
            while not is_up(path) and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.1)
            yield path
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0, "it stops when SageMaker tells it to"


def test_server_of_the_image_answers_as_the_application_does(server: Path, caller: Caller) -> None:
    status, body = send(server, GOOD, Content_Type="application/json")
    assert (status, json.loads(body)) == (200, caller.send(GOOD).document)


OVER_THE_WIRE = [name for name, (*_, environ) in BAD.items() if set(environ) <= {"CONTENT_TYPE"}]


@pytest.mark.parametrize("name", OVER_THE_WIRE)
def test_server_of_the_image_outlives_a_bad_request(server: Path, name: str) -> None:
    wanted, reason, body, environ = BAD[name]
    try:
        status, answer = send(server, body, Content_Type=environ.get("CONTENT_TYPE") or "application/json")
    except (BrokenPipeError, ConnectionResetError):
        assert wanted == 413, "a server may close the connection on a body that nobody reads"
    else:
        assert (status, json.loads(answer)["error"][: len(reason)]) == (wanted, reason)
    assert send(server, GOOD, Content_Type="application/json")[0] == 200


def test_stalled_uploads_keep_nobody_waiting(server: Path) -> None:
    stalled = [Connection(server) for _ in range(40)]
    try:
        for each in stalled:
            each.putrequest("POST", "/invocations")
            each.putheader("Content-Length", "1000")
            each.endheaders()
        assert send(server, GOOD, Content_Type="application/json")[0] == 200
    finally:
        for each in stalled:
            each.close()
