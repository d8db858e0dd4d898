"""`python -m benchmarks.serving` times the serving artefact over HTTP against a plain Flask server, both in one run.

Both run in the scikit-learn image's Python, libraries and server, and are asked in turn, so that what the machine is
doing meanwhile falls on both. The processor time of an answer says what a quiet machine could do.
"""

import argparse
import json
import math
import signal
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.evaluation import make_artefact
from benchmarks.requests import Load, make_loads
from benchmarks.results import format_range, save
from benchmarks.servers import WORKERS, Server, serve
from processing.serving_files import CODE

ROOT = Path(__file__).parents[1]
CONNECTIONS = 4
WARM_UP_S = 2.0
ARTEFACT, PLAIN = "artefact", "plain Flask"


@dataclass(frozen=True)
class Timing:
    """What one server did under one load for some seconds."""

    requests_per_s: float
    records_per_s: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    """Of the server, for a request."""
    client_cpu_ms: float


Timings = Mapping[tuple[str, str], Sequence[Timing]]
"""By load and server, a round after the other."""


def run_load(server: Server, load: Load, bodies: Path, seconds: float) -> Timing:
    """Send *load*, whose bodies are in a file, to *server* from a process of its own."""
    options = {"port": server.port, "bodies": bodies, "content-type": load.content_type}
    options |= {"connections": CONNECTIONS, "seconds": seconds}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    used_s = server.cpu_s()
    client = subprocess.run([sys.executable, "-m", "benchmarks.load", *words], stdout=subprocess.PIPE, check=False)
    if client.returncode:
        sys.exit(f"{server.name} was not measured: see above")
    found = json.loads(client.stdout)
    requests = found["requests"]
    return Timing(
        requests_per_s=requests / found["elapsed_s"],
        records_per_s=requests / found["elapsed_s"] * load.records,
        p50_ms=found["p50_ms"],
        p99_ms=found["p99_ms"],
        cpu_ms=(server.cpu_s() - used_s) / requests * 1_000,
        client_cpu_ms=found["client_cpu_s"] / requests * 1_000,
    )


def check_agreement(servers: Sequence[Server], load: Load) -> None:
    """Exit unless both servers predict the same for the same records, and nothing for the same faults."""
    for body in load.bodies[:100]:
        answers = (server.send(body, load.content_type)["predictions"] for server in servers)
        for one, other in zip(*answers, strict=True):
            found, expected = (each.get("prediction", math.inf) for each in (one, other))
            if not math.isclose(found, expected, rel_tol=1e-9):
                sys.exit(f"{load.name}: {found} is predicted here and {expected} there: correct one")


def measure(servers: Sequence[Server], loads: Sequence[Load], runs: int, seconds: float, folder: Path) -> Timings:
    """Measure each server under each load, in turn; the round before the first warms them up."""
    timings: dict[tuple[str, str], list[Timing]] = defaultdict(list)
    for load in loads:
        bodies = folder / "bodies.json"
        bodies.write_text(json.dumps(load.bodies), encoding="utf-8")
        check_agreement(servers, load)
        for server in servers:
            run_load(server, load, bodies, WARM_UP_S)
        for number in range(runs):
            for server in servers:
                timings[load.name, server.name].append(run_load(server, load, bodies, seconds))
            print(f"{load.name}: round {number + 1} of {runs} done", flush=True)
    return timings


def describe(timings: Timings) -> None:
    """Print medians, with the least and the greatest, and how many times as good the artefact is, round by round."""
    titles = ("requests/s", "records/s", "p50 ms", "p99 ms", "server CPU ms", "client CPU ms")
    print(f"\n{'':35}{''.join(f'{title:>26}' for title in titles)}")
    for (load, server), each in timings.items():
        cells = [
            format_range((timing.requests_per_s for timing in each), 1),
            format_range(timing.records_per_s for timing in each),
            format_range(timing.p50_ms for timing in each),
            format_range(timing.p99_ms for timing in each),
            format_range((timing.cpu_ms for timing in each), 1),
            format_range((timing.client_cpu_ms for timing in each), 1),
        ]
        print(f"{load:22}{server:13}{''.join(f'{cell:>26}' for cell in cells)}")
    print(f"\n{'artefact, times plain Flask':35}{'as fast':>26}{'less CPU':>26}")
    for load in dict.fromkeys(load for load, _ in timings):
        speed, saved = find_ratios(timings, load)
        print(f"{load:35}{format_range(speed, 1):>26}{format_range(saved, 1):>26}")


def find_ratios(timings: Timings, load: str) -> tuple[list[float], list[float]]:
    """Return by how much more the artefact answers, and how much less processor time it takes, round by round."""
    pairs = list(zip(timings[load, ARTEFACT], timings[load, PLAIN], strict=True))
    return [a.requests_per_s / b.requests_per_s for a, b in pairs], [b.cpu_ms / a.cpu_ms for a, b in pairs]


def describe_limit(timings: Timings) -> None:
    """Print what the processor time of server and client allows where nothing else runs on the workers' cores."""
    print(f"\n{f'allowed by the time of {WORKERS} cores':35}{'requests/s':>26}{'records/s':>26}")
    for (load, server), each in timings.items():
        rate = WORKERS * 1_000 / statistics.median(timing.cpu_ms + timing.client_cpu_ms for timing in each)
        records = each[0].records_per_s / each[0].requests_per_s
        print(f"{load:22}{server:13}{rate:26,.1f}{rate * records:26,.0f}")


def main(argv: Sequence[str]) -> int:
    """Measure as often as asked and print medians and ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--python", type=Path, default=ROOT / ".venv-container/bin/python")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args(argv)
    if not options.python.is_file():
        sys.exit(f"no {options.python}: install Python 3.12 for make to make it of, which is what the server runs with")
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # and so end the servers
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        print("making a model ...", flush=True)
        artefact = make_artefact(folder)
        ours = {"PYTHONPATH": str(artefact / CODE)}
        plain = {"PYTHONPATH": str(ROOT), "MODEL_FOLDER": str(artefact)}
        started = {ARTEFACT: ("inference.wsgi", ours), PLAIN: ("benchmarks.plain_server", plain)}
        servers = [
            stack.enter_context(serve(name, options.python, f"{module}:application", folder, environment))
            for name, (module, environment) in started.items()
        ]
        timings = measure(servers, make_loads(), options.runs, options.seconds, folder)
        memory = {server.name: server.memory_mb() for server in servers}
    describe(timings)
    describe_limit(timings)
    peaks = ", ".join(f"{name} {peak:.0f} MB a worker" for name, peak in memory.items())
    print(f"\n{WORKERS} workers, {CONNECTIONS} connections, {options.runs} rounds of {options.seconds:g} s; {peaks}")
    figures = [
        {"load": load, "server": server, "rounds": [asdict(timing) for timing in each]}
        for (load, server), each in timings.items()
    ]
    save("serving", {"timings": figures, "memory_mb": memory})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
