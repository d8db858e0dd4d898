"""A threaded HTTP/1.1 server for a WSGI application, on a socket that listens already.

Each connection has a thread, so whoever sends slowly keeps nobody else waiting; a request that has not come within
60 seconds is given up, as an endpoint does.
"""

import io
import socket
import sys
import time
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import IO, TYPE_CHECKING, Any, cast
from wsgiref.handlers import SimpleHandler
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LIMIT_S = 60.0
"""For a request to come, and for a connection to be kept without one."""

DISCARDED_BYTES = 64 * 1024 * 1024
"""Of a body that nobody wants; many clients read no answer before they have sent all of it."""

_PIECE_BYTES = 64 * 1024
_LENGTH_DIGITS = 18


class Server(ThreadingMixIn, WSGIServer):
    """Serves *application* on *listener*, until it is shut down or the process ends."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, application: "WSGIApplication", limit_s: float = LIMIT_S) -> None:
        super().__init__(listener.getsockname()[:2], Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = listener.getsockname()[:2]  # the class would ask DNS
        self.limit_s = limit_s
        self.setup_environ()
        self.wsgi = application

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up, or take no answer."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(WSGIRequestHandler):
    """Answers the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body of an answer are sent one by one
    error_content_type, error_message_format = "text/plain", "%(message)s\n"
    server: Server

    def setup(self) -> None:
        """Have each read know how much time is left."""
        super().setup()
        self._clocked = _ClockedConnection(self.connection, self.server.limit_s)
        self.rfile = io.BufferedReader(self._clocked, _PIECE_BYTES)

    def handle(self) -> None:
        """Answer until the client has no more requests; the class would answer one."""
        self.close_connection = True
        self.handle_one_request()
        while not self.close_connection:
            self._clocked.restart_clock()
            self.handle_one_request()

    def do_any(self) -> None:
        """Answer a request; which methods there are, the application knows."""
        length = self._read_length()
        body = _Body(self.rfile, length or 0)
        output = cast("IO[bytes]", self.wfile)
        answer = _Answer(body, output, sys.stderr, self.get_environ(), multithread=True, multiprocess=False)
        answer.run(self.server.wsgi)
        if length is None or not body.discard(DISCARDED_BYTES):
            self.close_connection = True

    def get_environ(self) -> "WSGIEnvironment":
        """Return what the class does, but no content type where none was sent, and all lengths that were."""
        own = {"CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": ", ".join(self._lengths)}
        return {**super().get_environ(), **own}

    @property
    def _lengths(self) -> dict[str, None]:
        """The lengths of the body that were sent; with a transfer encoding, none of them counts (RFC 9112, 6.3)."""
        is_encoded = "Transfer-Encoding" in self.headers
        return dict.fromkeys([] if is_encoded else self.headers.get_all("Content-Length", []))

    def _read_length(self) -> int | None:
        """Return the length of the body; None where nobody can tell where the next request begins."""
        if "Transfer-Encoding" in self.headers:
            return None
        length, *others = self._lengths or ["0"]
        is_sound = not others and length.isascii() and length.isdecimal() and len(length) <= _LENGTH_DIGITS
        return int(length) if is_sound else None

    do_DELETE = do_GET = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PUT = do_any  # noqa: N815  the class looks for these

    def log_message(self, *_: object) -> None:
        """Say nothing of single requests."""


class _Answer(SimpleHandler):
    """One answer of the application."""

    http_version = "1.1"

    def log_exception(self, exc_info: Any) -> None:
        if exc_info[0] is not TimeoutError:
            super().log_exception(exc_info)

    def error_output(self, _environ: "WSGIEnvironment", start_response: "StartResponse", /) -> list[bytes]:
        """Say in one line why the application had no answer."""
        if sys.exc_info()[0] is TimeoutError:
            status, text = HTTPStatus.REQUEST_TIMEOUT, b"the request did not come in time: send it at once\n"
        else:
            status, text = HTTPStatus.INTERNAL_SERVER_ERROR, b"the model failed: read the log of the endpoint\n"
        start_response(
            f"{status.value} {status.phrase}", [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))]
        )
        return [text]


class _ClockedConnection(io.RawIOBase):
    """Reads a socket as long as there is time; a single read that waits for the next byte would start it anew."""

    def __init__(self, connection: socket.socket, limit_s: float) -> None:
        super().__init__()
        self._connection = connection
        self._limit_s = limit_s
        self.restart_clock()

    def restart_clock(self) -> None:
        self._deadline = time.monotonic() + self._limit_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._connection.settimeout(left_s)
        return self._connection.recv_into(buffer)


class _Body(io.RawIOBase):
    """The body of one request: ends where the next request begins."""

    def __init__(self, source: io.BufferedIOBase, length: int) -> None:
        super().__init__()
        self._source = source
        self._left = length

    def read(self, size: int = -1, /) -> bytes:
        read = self._source.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(read)
        return read

    def discard(self, maximum: int) -> bool:
        """Read over what nobody has read; return whether that was all of it."""
        while self._left and maximum > 0:
            read = self.read(_PIECE_BYTES)
            maximum -= len(read)
            if not read:
                return False
        return not self._left
