"""A threaded HTTP/1.1 server for a WSGI application, on a socket that listens already.

Each connection has a thread, so whoever sends slowly keeps nobody else waiting; a request that has not come within
60 seconds is given up, as an endpoint does.
"""

import io
import socket
import socketserver
import sys
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

LIMIT_S = 60.0
"""For a request to come, and for a connection to be kept without one."""

DISCARDED_BYTES = 64 * 1024 * 1024
"""Of a body that nobody reads, after which the connection is closed: some clients read no answer before they are done."""

_PIECE_BYTES = 64 * 1024


class Server(socketserver.ThreadingTCPServer):
    """Serves an application on *listener* until it is shut down; requests under way then end with the process."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, application: "WSGIApplication", limit_s: float = LIMIT_S) -> None:
        super().__init__(listener.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.application = application
        self.limit_s = limit_s

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""
        if not issubclass(sys.exc_info()[0] or Exception, ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed has its private types


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection by the application of its server."""

    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        """Read by the clock: see `_Connection`."""
        super().setup()
        self._connection = _Connection(self.connection, self.server.limit_s)
        self.rfile = io.BufferedReader(self._connection, _PIECE_BYTES)

    def handle_one_request(self) -> None:
        """Give the next request its time."""
        self._connection.restart_clock()
        super().handle_one_request()

    def do_any(self) -> None:
        """Answer a request, whatever its method: the application knows which it takes."""
        body = _Body(self.rfile, int(length) if (length := self.headers.get("Content-Length", "0")).isdigit() else 0)
        answer = _Answer()
        try:
            answer.content = b"".join(self.server.application(self._environ(body), answer.start))
        except TimeoutError:
            answer.status, answer.headers = "408 Request Timeout", []
            answer.content = b"the body did not come in time: send it at once\n"
        self._send(answer)
        self.close_connection |= "Transfer-Encoding" in self.headers or not body.discard(DISCARDED_BYTES)

    do_DELETE = do_GET = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PUT = do_any  # noqa: N815  # stdlib's names

    def _send(self, answer: "_Answer") -> None:
        code, _, phrase = answer.status.partition(" ")
        self.send_response_only(int(code), phrase)
        for name, value in answer.headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in answer.headers):
            self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    def _environ(self, body: "_Body") -> "WSGIEnvironment":
        path, _, query = self.path.partition("?")
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": str(self.server.server_address[0]),
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": body,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value.strip()
        return environ


class _Answer:
    """What an application said."""

    status = "500 Internal Server Error"
    content = b""

    def __init__(self) -> None:
        self.headers: list[tuple[str, str]] = []

    def start(
        self, status: str, headers: list[tuple[str, str]], _exception: Any = None, /
    ) -> "Callable[[bytes], object]":
        self.status, self.headers = status, headers
        return self._refuse_write
