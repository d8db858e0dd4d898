"""`python -m benchmarks.checks` times `make check` and `make test`, as they are once all is set up."""

import sys
import time
from pathlib import Path
from subprocess import run

from benchmarks.results import save

ROOT = Path(__file__).parents[1]


def time_target(name: str) -> float:
    """Return how many seconds `make NAME` takes; exit when it fails."""
    started = time.perf_counter()
    if run(["make", name], check=False, cwd=ROOT).returncode:  # noqa: S607 - found where a user's shell finds it
        sys.exit(f"make {name} fails: see above")
    return time.perf_counter() - started


def main() -> int:
    """Time each once: the second takes minutes."""
    run(["make", "setup"], check=True, cwd=ROOT)  # noqa: S607 - as above
    save("checks", {"check_s": [time_target("check")], "test_s": [time_target("test")]})
    return 0


if __name__ == "__main__":
    sys.exit(main())
