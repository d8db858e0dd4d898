"""The server of an endpoint answers everybody in time, however others send."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from local_runner.endpoint.process import listen
from local_runner.endpoint.server import LIMIT_S, Server

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

HEAD = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer with the length of the body, or that which was sent; elsewhere without reading it, or not at all."""
    if environ["PATH_INFO"] == "/fail":
        raise ValueError
    if environ["PATH_INFO"] == "/length":
        content = environ["CONTENT_LENGTH"].encode("latin-1")
        start_response("200 OK", [("Content-Length", str(len(content)))])
        return [content]
    length = int(environ["CONTENT_LENGTH"] or 0) if environ["PATH_INFO"] == "/read" else 0
    content = f"{len(environ['wsgi.input'].read(length))} {environ['CONTENT_TYPE']}".encode()
    start_response("200 OK", [("Content-Length", str(len(content)))])
    return [content]


@contextmanager
def serving(limit_s: float = LIMIT_S) -> Iterator[int]:
    """Yield the port of a server."""
    with Server(listen(0), application, limit_s) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def connection() -> Iterator[http.client.HTTPConnection]:
    with serving() as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.connect()
        yield connection
        connection.close()


Send = Callable[..., tuple[int, bytes]]


def send(
    connection: http.client.HTTPConnection, path: str, body: bytes = b"", method: str = "POST", **headers: str
) -> tuple[int, bytes]:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_connection_is_kept_for_the_next_request(connection: http.client.HTTPConnection) -> None:
    first = connection.sock
    assert send(connection, "/read", b"four") == (200, b"4 ")
    assert send(connection, "/read", b"twelve bytes") == (200, b"12 ")
    assert connection.sock is first


def test_body_that_is_not_read_is_no_part_of_the_next_request(connection: http.client.HTTPConnection) -> None:
    first = connection.sock
    assert send(connection, "/elsewhere", b"GET /fail HTTP/1.1\r\n\r\n" * 50_000) == (200, b"0 ")
    assert send(connection, "/read", b"four") == (200, b"4 ")
    assert connection.sock is first


def test_failure_of_the_application_is_one_line_and_ends_nobody_elses_request(
    connection: http.client.HTTPConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send(connection, "/fail", b"four") == (500, b"the model failed: read the log of the endpoint\n")
    assert send(connection, "/read", b"four") == (200, b"4 ")
    assert "ValueError" in capsys.readouterr().err


def test_any_method_reaches_the_application(connection: http.client.HTTPConnection) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert send(connection, "/read", method=method)[0] == 200


def read_all(client: socket.socket) -> bytes:
    """Read until the other side closes."""
    return b"".join(iter(lambda: client.recv(4096), b""))


def test_body_that_comes_byte_by_byte_is_given_up_in_time() -> None:
    with serving(limit_s=0.3) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(HEAD + b"\r\n")
        answered = threading.Event()
        sender = threading.Thread(target=send_slowly, args=(client, answered))
        sender.start()
        answer = read_all(client)
        answered.set()
        sender.join()
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert answer.endswith(b"\r\n\r\nthe request did not come in time: send it at once\n")


def send_slowly(client: socket.socket, answered: threading.Event) -> None:
    """Send a byte long before each single read would be given up."""
    for _ in range(100):
        if answered.wait(0.05):
            return
        try:
            client.sendall(b".")
        except OSError:
            return


@pytest.mark.parametrize("start", [b"", HEAD], ids=["nothing", "half a head"])
def test_connection_without_a_request_is_closed_in_time(start: bytes) -> None:
    with serving(limit_s=0.2) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(start)
        assert read_all(client) == b""


def test_connection_is_closed_after_a_body_whose_end_is_not_known() -> None:
    with serving() as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(b"POST /elsewhere HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n0 ")  # what follows was not taken for a request


@pytest.mark.parametrize(
    "lengths", [("-5",), ("9" * 5_000,), ("\xb2",), ("4", "5"), ("4, 4",)], ids=lambda each: str(each)[:12]
)
def test_length_that_is_unclear_reaches_the_application_and_ends_the_connection(lengths: tuple[str, ...]) -> None:
    lines = "".join(f"Content-Length: {each}\r\n" for each in lengths)
    with serving() as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(f"POST /length HTTP/1.1\r\n{lines}\r\nGET /read HTTP/1.1\r\n\r\n".encode("latin-1"))
        answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(f"\r\n\r\n{', '.join(lengths)}".encode("latin-1"))


def test_what_is_no_request_is_refused_in_one_line() -> None:
    with serving() as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(b"nonsense\r\n\r\n")
        assert b"Bad request syntax" in read_all(client)
