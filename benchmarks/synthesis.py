"""`python -m benchmarks.synthesis` times `cdk synth` against that of an app with one empty stack, and `make run`.

In a copy of this project, whose files it edits; it uses nothing that other syntheses kept, and keeps nothing for them.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measurement import Measurement, measure, print_medians, save_measurements
from benchmarks.results import format_range

ROOT = Path(__file__).parents[1]
TOOLS = (".venv", "node_modules")
LEFT_OUT = (*TOOLS, ".*", "bench", "cdk.out", "docs", "tests", "__pycache__")

EMPTY_APP = """\
import aws_cdk as cdk

app = cdk.App()
cdk.Stack(app, "Empty")
app.synth()
"""

EDITED_JOB, EDITED_SETTINGS = "processing/jobs/split.py", "settings/stages.py"


@dataclass(frozen=True)
class Bench:
    """Two applications side by side, and what the syntheses of ours keep."""

    folder: Path

    @property
    def project(self) -> Path:
        """Ours."""
        return self.folder / "project"

    def set_up(self) -> None:
        """Write both."""
        shutil.copytree(ROOT, self.project, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for name in TOOLS:
            (self.project / name).symlink_to(ROOT / name)
        for path in (*self.project.glob("requirements*.txt"), *self.project.glob("package*.json")):
            os.utime(path, (0, 0))  # for make: what is made of them is up to date
        empty = self.folder / "empty"
        empty.mkdir()
        (empty / "app.py").write_text(EMPTY_APP, encoding="utf-8")
        config = {"app": f"{ROOT / '.venv/bin/python'} app.py", "versionReporting": False}
        (empty / "cdk.json").write_text(json.dumps(config), encoding="utf-8")

    def synthesize(self, project: str = "project", kept: str = "kept") -> Measurement:
        """Run `cdk synth` in one of them."""
        cdk = [str(ROOT / "node_modules/.bin/cdk"), "synth", "--quiet", "--no-notices", "--context", "stage=dev"]
        return self._measure(cdk, self.folder / project, kept)

    def run(self) -> Measurement:
        """Run `make run`."""
        return self._measure([shutil.which("make") or "make", "--silent", "run"], self.project, "kept")

    def forget_runs(self) -> None:
        """Leave nothing of what the pipeline has done: each step is to run."""
        shutil.rmtree(self.project / ".local", ignore_errors=True)

    def edit(self, name: str) -> None:
        """Add a line to a file."""
        with (self.project / name).open("a", encoding="utf-8") as file:
            file.write("# edited\n")

    def _measure(self, command: Sequence[str], cwd: Path, kept: str) -> Measurement:
        path = f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
        return measure(
            command, cwd=cwd, PATH=path, SYNTHESIS_KEPT=str(self.folder / kept), CDK_DISABLE_CLI_TELEMETRY="true"
        )


def measure_round(bench: Bench, number: int) -> dict[str, Measurement]:
    """Time each kind of synthesis once, an empty app first, and runs after them."""
    found = {"empty app": bench.synthesize("empty"), "synth, nothing changed": bench.synthesize()}
    for name, edited in {"synth, a job edited": EDITED_JOB, "synth, settings edited": EDITED_SETTINGS}.items():
        bench.edit(edited)
        found[name] = bench.synthesize()
    found["synth, nothing kept"] = bench.synthesize(kept=f"nothing-{number}")
    bench.forget_runs()
    return {**found, "make run": bench.run(), "make run, again": bench.run()}


def main(argv: Sequence[str]) -> int:
    """Measure as often as asked; print medians and ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthesis", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    # In other processes this makes each command of Python compile what it imports; make does away with it, too.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    rounds = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(Path(folder))
        bench.set_up()
        bench.synthesize("empty")  # compiles, and unpacks the CDK
        bench.synthesize()
        for number in range(options.runs):
            rounds.append(measure_round(bench, number))
            print(f"run {number + 1} of {options.runs} done", flush=True)
    measured = {name: [each[name] for each in rounds] for name in rounds[0]}
    print_medians(measured)
    ratios = {
        name: [each[name].wall_s / each["empty app"].wall_s for each in rounds]
        for name in measured
        if name.startswith("synth")
    }
    print("\ntimes an empty app:")
    for name, found in ratios.items():
        print(f"{name:32}{format_range(found, digits=2)}")
    save_measurements(
        "synthesis",
        measured,
        ratios={name.removeprefix("synth, "): found for name, found in ratios.items()},
        run_s=[each["make run"].wall_s for each in rounds],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
