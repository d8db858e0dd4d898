"""Serves the WSGI application that a version's environment names, and a page for it; `local_runner serve` starts it."""

import argparse
import importlib
import json
import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from local_runner.endpoint import PROJECT
from local_runner.endpoint.capture import Destination, add_capture
from local_runner.endpoint.page import Page, add_page
from local_runner.endpoint.server import Server

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def main(argv: Sequence[str], environment: Mapping[str, str]) -> None:
    """Serve until standard input ends, which is when whoever started this process does."""
    parser = argparse.ArgumentParser(prog="python -m local_runner.endpoint", description=__doc__)
    parser.add_argument("--listener", type=int, required=True, help="descriptor of a socket that listens")
    parser.add_argument("--model", type=Path, required=True, help="where model.tar.gz was unpacked")
    parser.add_argument("--page", type=json.loads, required=True, help="what the page says of the version")
    parser.add_argument("--capture", type=Path, help="where answers are captured (nowhere)")
    parser.add_argument("--endpoint", default="", help="whose answers they are")
    options = parser.parse_args(argv)
    application = add_page(_import_application(environment), Page.read(options.model, **options.page))
    if options.capture:
        # Outside of the page, which asks the application many a thing that no client has asked.
        destination = Destination(options.capture, options.endpoint)
        application = add_capture(application, destination, lambda: datetime.now(UTC))
    server = Server(socket.socket(fileno=options.listener), application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()


def _import_application(environment: Mapping[str, str]) -> "WSGIApplication":
    """Return what the container's server would serve."""
    sys.path.remove(str(PROJECT))  # it has modules of the same names
    module, _, name = environment["SAGEMAKER_SERVING_MODULE"].partition(":")
    application: WSGIApplication = getattr(importlib.import_module(module), name)
    return application


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
