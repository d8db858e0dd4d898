"""`python -m benchmarks.load` sends requests over kept connections for some seconds, and prints how long they took.

A process of its own: it does not stand in the way of what starts it, and its processor time is told apart.
"""

import argparse
import http.client
import itertools
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from pathlib import Path

import numpy as np


def send(bodies: Sequence[bytes], port: int, content_type: str, until: float) -> list[float]:
    """Send *bodies* in turn over one connection until the clock says *until*; return how many seconds each took.

    Exits where one is not answered with 200.
    """
    connection, durations_s = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    for body in itertools.cycle(bodies):
        started = time.monotonic()
        connection.request("POST", "/invocations", body, {"Content-Type": content_type})
        response = connection.getresponse()
        answer = response.read()
        ended = time.monotonic()
        if response.status != HTTPStatus.OK:
            sys.exit(f"status {response.status}, {answer[:200]!r}: see what the server wrote")
        durations_s.append(ended - started)
        if ended > until:
            break
    connection.close()
    return durations_s


def main(argv: Sequence[str]) -> int:
    """Send what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bodies", type=Path, required=True, help="a JSON list of texts")
    parser.add_argument("--content-type", required=True)
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args(argv)
    bodies = [text.encode() for text in json.loads(options.bodies.read_text(encoding="utf-8"))]
    started, used_s = time.monotonic(), time.process_time()
    over_one = partial(send, port=options.port, content_type=options.content_type, until=started + options.seconds)
    with ThreadPoolExecutor(options.connections) as pool:
        durations_s = np.concatenate(list(pool.map(over_one, [bodies] * options.connections)))
    p50, p99 = np.percentile(durations_s, [50, 99]) * 1_000
    figures = {"requests": len(durations_s), "elapsed_s": time.monotonic() - started, "p50_ms": p50, "p99_ms": p99}
    print(json.dumps({**figures, "client_cpu_s": time.process_time() - used_s}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
