"""`python -m benchmarks [NAME ...]` runs benchmarks one after the other, and says which targets are met.

Each is a module that also runs by itself, with options of its own: `python -m benchmarks.NAME --help`.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from benchmarks.results import read_results
from benchmarks.targets import format_table, make_table

USUAL = ("synthesis", "processing", "training", "spark")
"""What has targets, or says which engine pays: a quarter of an hour on two cores."""

OTHERS = ("checks", "evaluation", "monitoring", "scoring", "serving")
"""Run when they are named; `checks` is how long `make check` and `make test` take."""

ON_EMPLOYEES = ("processing", "spark")
"""These share made-up data, which takes a minute to write."""


def main(argv: Sequence[str]) -> int:
    """Run what the command line names, or the usual ones; return 1 where one of them fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(USUAL + OTHERS)}")
    names = parser.parse_args(argv).names or USUAL
    if unknown := set(names) - {*USUAL, *OTHERS}:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}: name some of {', '.join(USUAL + OTHERS)}")
    failed = []
    with tempfile.TemporaryDirectory(prefix="bench-") as data:
        for name in names:
            print(f"\n== {name}", flush=True)
            options = ["--data", data] if name in ON_EMPLOYEES else []
            if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *options], check=False).returncode:
                failed.append(name)
    print(f"\n{format_table(make_table(read_results()))}")
    if failed:
        print(f"\nfailed: {', '.join(failed)}; see above")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
