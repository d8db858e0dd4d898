"""Model registry and buckets as the APIs of SageMaker and S3 have them, for the AWS clients of functions here."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local_runner.on_disk.model_registry import DirectoryRegistry, UnknownPackageError
from local_runner.on_disk.object_listing import list_objects
from local_runner.on_disk.object_store import DirectoryStore

_TIMES = ("CreationTime", "LastModifiedTime")


@contextmanager
def serve(registry: DirectoryRegistry, store: DirectoryStore) -> Iterator[str]:
    """Answer requests about *registry* and *store* on this machine's loopback in the block; give the endpoint's URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(registry, store))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def list_model_packages(registry: DirectoryRegistry, request: Mapping[str, Any]) -> dict[str, Any]:
    """Answer ListModelPackages; the newest version comes first."""
    found = registry.list(request["ModelPackageGroupName"], request.get("ModelApprovalStatus"))
    members = ("ModelPackageArn", "ModelPackageVersion", "ModelPackageStatus", "ModelApprovalStatus", "CreationTime")
    return {"ModelPackageSummaryList": [{name: package[name] for name in members} for package in found]}


def describe_model_package(registry: DirectoryRegistry, request: Mapping[str, Any]) -> dict[str, Any]:
    """Answer DescribeModelPackage."""
    return registry.describe(request["ModelPackageName"])


OPERATIONS: Mapping[str, Callable[[DirectoryRegistry, Mapping[str, Any]], dict[str, Any]]] = {
    "ListModelPackages": list_model_packages,
    "DescribeModelPackage": describe_model_package,
}


def _handler(registry: DirectoryRegistry, store: DirectoryStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer S3's ListObjectsV2, the one request to it that a function makes."""
            found = list_objects(store, self.path)
            self._send(HTTPStatus.OK if found else HTTPStatus.NOT_IMPLEMENTED, "application/xml", found or b"")

        def do_POST(self) -> None:
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if operation not in OPERATIONS:
                self._answer(HTTPStatus.BAD_REQUEST, _error(f"{operation} is not served here"))
                return
            try:
                self._answer(HTTPStatus.OK, OPERATIONS[operation](registry, request))
            except UnknownPackageError as error:
                self._answer(HTTPStatus.BAD_REQUEST, _error(str(error)))

        def _answer(self, status: HTTPStatus, document: Mapping[str, Any]) -> None:
            self._send(status, "application/x-amz-json-1.1", json.dumps(_with_epochs(document)).encode())

        def _send(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the signature that http.server calls
            """Say nothing: the function's own log tells what it did."""

    return Handler


def _error(text: str) -> dict[str, str]:
    return {"__type": "ValidationException", "message": text}


def _with_epochs(node: Any) -> Any:
    """Return *node* with its times as seconds since 1970, as the protocol has them."""
    match node:
        case dict():
            return {
                name: datetime.fromisoformat(value).timestamp() if name in _TIMES else _with_epochs(value)
                for name, value in node.items()
            }
        case list():
            return [_with_epochs(item) for item in node]
        case _:
            return node
