"""The commands of a user, as processes."""

import csv
import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.mock_data import COLUMNS, employees
from synthesis.inputs import SOURCES

ROOT = Path(__file__).parents[2]


def cdk(
    *arguments: str | Path, project: Path = ROOT, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the CDK CLI as at a user's prompt: with no account of who runs the tests, and not as in a CI system.

    Where the variable CI is set, the CLI writes to stdout what it writes to stderr elsewhere.
    """
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_")) and name != "CI"
    }
    return subprocess.run(
        [project / "node_modules/.bin/cdk", *arguments, "--no-notices"],
        cwd=project,
        env={
            **inherited,
            "PATH": f"{ROOT / '.venv/bin'}:{inherited['PATH']}",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            **(environment or {}),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def synthesize(
    stage: str, output: Path, project: Path = ROOT, *, validation: bool = True, contract: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `cdk synth`, with everything that a deployment would check unless *validation* is not what is looked at."""
    environment = {} if validation else {"CDK_VALIDATION": "false"}
    context = ["--context", f"stage={stage}", *(["--context", f"contract={contract}"] if contract else [])]
    return cdk("synth", "--quiet", *context, "--output", output, project=project, environment=environment)


def copy_project(folder: Path) -> Path:
    """Return a copy of the application that may be changed, with the tools of this one."""
    folder.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, folder / name)
    for name in (".venv", "node_modules"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text that a file has once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@dataclass(frozen=True)
class Runner:
    """Runs an assembly in one workspace."""

    assembly: Path
    workspace: Path
    stage: str = "dev"

    def command(self, data: Path, *options: str) -> list[str]:
        """Return the command line of a run."""
        return [sys.executable, "-m", "local_runner", *self.places(), "--input", str(data), *options]

    def places(self) -> list[str]:
        return ["--assembly", str(self.assembly), "--stage", self.stage, "--workspace", str(self.workspace)]

    def command_of(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the runner."""
        command = [sys.executable, "-m", "local_runner", name, *options, *self.places()]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    def run(self, data: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the pipeline on *data*."""
        return subprocess.run(self.command(data, *options), cwd=ROOT, capture_output=True, text=True, check=False)

    def latest(self) -> dict[str, Any]:
        """Return the record of the last execution."""
        path = self.workspace / "executions" / "latest" / "execution.json"
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document

    def steps(self) -> dict[str, dict[str, Any]]:
        """Return the steps of the last execution by name."""
        return {step["StepName"]: step for step in self.latest()["PipelineExecutionSteps"]}

    def reported(self, metric: str) -> str:
        """Return a metric of the last execution's training job, from its log."""
        log = (self.workspace / "executions/latest/EmpBonusTraining/algo-1.log").read_text(encoding="utf-8")
        return str(re.findall(rf"{metric.replace(':', ' ')} <loss>=(\S+)", log)[-1])

    def lines(self, step: str, output: str) -> list[str]:
        """Return the lines of all files of an output of the last execution."""
        paths = sorted(Path(self.steps()[step]["Outputs"][output]).iterdir())
        return [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def copied(runner: Runner, folder: Path) -> Runner:
    """Return a runner that goes on in *folder* from what *runner* has made, which stays as it is."""
    workspace = shutil.copytree(runner.workspace, folder / "workspace", symlinks=True)
    return dataclasses.replace(runner, workspace=workspace)


def write_employees(path: Path, rows: int, seed: int = 1) -> Path:
    """Write raw data."""
    return write_rows(path, employees(rows, seed))


def write_rows(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Write raw data with the usual header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path
