"""`python -m local_runner` runs a pipeline of a cloud assembly on this machine.

`python -m local_runner approve VERSION` approves a model that it registered, and `reject` rejects one; `serve` answers
requests with one, and `predict` scores a raw file.

Exit codes: 0 succeeded, 1 a step or the runner failed, 2 refused, 130 stopped with Ctrl-C.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from artefacts.assembly import AssemblyError, Pipeline, load
from artefacts.definition.graph import all_steps
from artefacts.execution import Status
from execution_report import (
    ReportError,
    describe_monitoring,
    describe_predictions,
    describe_rejected_rows,
    write_report,
)
from local_runner.approval import STATUSES, decide
from local_runner.choice import assignment, choose, input_path
from local_runner.endpoint.predict import predict
from local_runner.endpoint.serve import serve
from local_runner.engine import Engine, check_runnable
from local_runner.errors import RefusedError
from local_runner.interpreter.expressions import Scope, property_files
from local_runner.interpreter.parameters import parameter_values
from local_runner.on_disk.jobs import AllowAllJobs
from local_runner.on_disk.lambda_functions import FunctionProcesses
from local_runner.on_disk.workspace import GIVE_FILES, Workspace
from local_runner.progress import Progress, StandardOutput, show_outcome
from local_runner.record.execution import Execution
from local_runner.steps.context import Context

COMMANDS = {**dict.fromkeys(STATUSES, decide), "serve": serve, "predict": predict}
"""Other than a run, by the first word of the command line."""

EXIT_CODES = {Status.SUCCEEDED: 0, Status.FAILED: 1, Status.STOPPED: 130}
REFUSED = 2

# The parameters that say what a pipeline reads, and which version of it or until when.
INPUT = "InputData"
VERSION = "DataVersion"
WINDOW_END = "WindowEnd"

CAPTURED = ".jsonl"
"""How the names of files end that hold captured answers."""

CAPTURE_FIRST = "let make serve CAPTURE=FOLDER answer records first, and give that folder as INPUT"
"""What to do where there is no captured traffic: the pipeline with a window reads no CSV files."""


def main(argv: Sequence[str]) -> int:
    """Run what the command line asks for."""
    try:
        _on_signal(_interrupt)
        if argv and argv[0] in COMMANDS:
            return COMMANDS[argv[0]](argv)
        options = _parse(argv)
        return EXIT_CODES[run(options, threading.Event()).status]
    except KeyboardInterrupt:
        Console(stderr=True).print("stopped: nothing was started", highlight=False)
        return EXIT_CODES[Status.STOPPED]
    except (RefusedError, AssemblyError) as error:
        Console(stderr=True).print(f"refused: {error}", highlight=False, markup=False, soft_wrap=True)
        return REFUSED
    except OSError as error:
        # What cannot be read or written before an execution, or after it; what happens in a step is the step's failure.
        Console(stderr=True).print(
            f"refused: {error.filename}: {error.strerror}", highlight=False, markup=False, soft_wrap=True
        )
        return REFUSED


def _on_signal(do: Callable[[], None]) -> None:
    """Let Ctrl-C, a supervisor that ends the process, and a terminal that is closed *do* something."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: do())


def _interrupt() -> None:
    raise KeyboardInterrupt


def run(options: argparse.Namespace, stop: threading.Event) -> Execution:
    """Run the execution that *options* describe to its end; raise `RefusedError` when it cannot be started."""
    console = StandardOutput(stop.set)
    pipelines = load(options.assembly, options.stage)
    pipeline = pipelines[choose_pipeline(pipelines, options.pipeline)]
    steps = {step.name: step for step in all_steps(pipeline.definition["Steps"])}
    check_runnable(steps, pipeline.functions)
    workspace = Workspace(options.workspace.absolute())
    values = parameter_values(pipeline.definition["Parameters"], _given(options, pipeline, workspace))
    workspace.publish(pipeline)
    _on_signal(stop.set)  # from here on, an execution is stopped in order
    execution = workspace.new_execution(pipeline, steps, values, _now())
    scope = Scope(
        values,
        execution.variables(pipeline.name),
        property_files=property_files(steps),
        read=workspace.store.read,
    )
    registry = workspace.registry(pipeline)
    with Progress(console, _now) as progress:
        Engine(
            steps=steps,
            execution=execution,
            scope=scope,
            context=Context(
                execution_id=execution.id,
                account=pipeline.account,
                stores=lambda _role: workspace.store,
                registry=registry,
                jobs=AllowAllJobs(),
                functions=FunctionProcesses(pipeline.functions, pipeline.account, registry, workspace.store, stop),
                cache=workspace.cache(pipeline, may_reuse=not options.no_cache),
                clock=_now,
                stop=stop,
            ),
            observe=progress.observe,
        ).run()
    show_outcome(console, execution, scope.descriptions, _about(execution))
    return execution


def choose_pipeline(pipelines: Mapping[str, Pipeline], name: str | None) -> str:
    """Return *name*, or that of the only pipeline that makes models where none is given."""
    making = [each.name for each in pipelines.values() if _registers(each)]
    found = making if name is None and making else pipelines
    return choose(found, name, kind="pipeline", option="--pipeline")


def _registers(pipeline: Pipeline) -> bool:
    return any(step.type == "RegisterModel" for step in all_steps(pipeline.definition["Steps"]))


def _about(execution: Execution) -> dict[str, str]:
    """Return what else there is to say of *execution*, by name."""
    try:
        # Where there is something to be told, the step that failed has told it.
        is_told = execution.status != Status.SUCCEEDED
        said = {
            "monitoring": "" if is_told else describe_monitoring(execution.folder),
            "predictions": describe_predictions(execution.folder),
            "rejected rows": describe_rejected_rows(execution.folder),
        }
        report = str(write_report(execution.folder))
    except ReportError as error:
        return {"report": f"none: {error}"}
    return {**{name: text for name, text in said.items() if text}, "report": report}


def _given(options: argparse.Namespace, pipeline: Pipeline, workspace: Workspace) -> dict[str, str]:
    """Return the parameters that are not left to their defaults: those of the input, and those set by hand."""
    given = dict(options.set)
    if INPUT in given:
        raise RefusedError(f"parameter {INPUT} is what --input says: give the data there")
    defaults = {each["Name"]: each.get("DefaultValue") for each in pipeline.definition["Parameters"]}
    if INPUT not in defaults:
        raise RefusedError(f"the pipeline has no parameter {INPUT}: only one that has can be given an input")
    wanted = (CAPTURE_FIRST, CAPTURED) if WINDOW_END in defaults else (GIVE_FILES, "")
    uri, version = workspace.stage_input(options.input, defaults[INPUT], *wanted)
    known = {VERSION: version, WINDOW_END: _now().isoformat()}
    return {INPUT: uri, **{name: value for name, value in known.items() if name in defaults}, **given}


def _now() -> datetime:
    return datetime.now(UTC)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local_runner", description=__doc__)
    add = parser.add_argument
    add("--assembly", type=Path, default=Path("cdk.out"), help="what cdk synth wrote (%(default)s)")
    add("--stage", default="dev", help="the stage of it that is run (%(default)s)")
    add("--pipeline", help="the name of the pipeline (the one that makes models)")
    add(
        "--input",
        type=input_path,
        required=True,
        help="a raw CSV file, or a folder of them; of captured answers, to monitor them",
    )
    add("--set", type=assignment, action="append", default=[], metavar="NAME=VALUE", help="a pipeline parameter")
    add("--workspace", type=Path, default=Path(".local"), help="where everything is kept (%(default)s)")
    add("--no-cache", action="store_true", help="run every step, whatever has been run before")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
