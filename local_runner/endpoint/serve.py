"""`python -m local_runner serve`: a registered version, the newest approved one by default, behind an endpoint here."""

import argparse
import json
import shlex
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from local_runner.endpoint.capture import Destination, name_endpoint
from local_runner.endpoint.process import HIGHEST_PORT, listen, read_sample, start_endpoint
from local_runner.versions import Version, add_options, find_group, find_version, number

PORT = 8080
"""Where SageMaker's own containers listen."""


def serve(argv: Sequence[str]) -> int:
    """Serve the version that the command line means until Ctrl-C; raise `RefusedError` where it cannot be served."""
    parser = argparse.ArgumentParser(prog="python -m local_runner", description=__doc__)
    parser.add_argument("command", choices=["serve"])
    parser.add_argument("--port", type=_port, default=PORT, help="0 for any that is free (%(default)s)")
    parser.add_argument("--version", type=number, help="of the model package group (the newest that is approved)")
    parser.add_argument("--capture", type=Path, metavar="FOLDER", help="keep answers there, as SageMaker captures them")
    add_options(parser)
    options = parser.parse_args(argv)
    version = find_version(find_group(options), options.version)
    capture = None
    if options.capture:
        capture = Destination(options.capture.expanduser().absolute(), name_endpoint(options.stage))
        capture.prefix.mkdir(parents=True, exist_ok=True)
    console = Console()
    try:
        with start_endpoint(version, listen(options.port), capture) as endpoint:
            text = describe(version, endpoint.url, read_sample(version), capture)
            console.print(text, soft_wrap=True, highlight=False, markup=False)
            endpoint.wait()
    except KeyboardInterrupt:
        console.print("stopped", highlight=False)
    return 0


def describe(version: Version, url: str, sample: str, capture: Destination | None = None) -> str:
    """Return what to do with the endpoint at *url*; a line of it is a command that sends the *sample* there."""
    body = json.dumps(json.loads(sample))
    command = [
        *("curl", "--silent", f"{url}/invocations?contributions=true"),
        *("--header", "Content-Type: application/json", "--data", body),
    ]
    lines = [
        f"serving {version}, {version.status}, from {version.archive}",
        f"page: {url}/",
        "request:",
        shlex.join(command),
        *([f"answers are captured below {capture.prefix}"] if capture else []),
        "end it with Ctrl-C",
    ]
    return "\n".join(lines)


def _port(text: str) -> int:
    if not (text.isdecimal() and len(text) <= len(str(HIGHEST_PORT)) and int(text) <= HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no port: give a number from 0 to {HIGHEST_PORT}")
    return int(text)
