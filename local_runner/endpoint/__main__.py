"""Serves the WSGI application that a version's environment names, and a page for it; `local_runner serve` starts it."""

import argparse
import importlib
import json
import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from local_runner.endpoint.page import Page, add_page
from local_runner.endpoint.server import Server


def main(argv: Sequence[str], environment: Mapping[str, str]) -> None:
    """Serve until standard input ends, which is when whoever started this process does."""
    parser = argparse.ArgumentParser(prog="python -m local_runner.endpoint", description=__doc__)
    parser.add_argument("--listener", type=int, required=True, help="descriptor of a socket that listens")
    parser.add_argument("--model", type=Path, required=True, help="where model.tar.gz was unpacked")
    parser.add_argument("--page", type=json.loads, required=True, help="what the page says of the version")
    options = parser.parse_args(argv)
    module, _, name = environment["SAGEMAKER_SERVING_MODULE"].partition(":")
    application = getattr(importlib.import_module(module), name)
    page = Page.read(options.model, **options.page)
    server = Server(socket.socket(fileno=options.listener), add_page(application, page))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
