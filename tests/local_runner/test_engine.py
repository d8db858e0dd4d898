"""The engine runs steps in the order that they need, in parallel where they can, and keeps the record straight."""

import _thread
import itertools
import json
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from artefacts.assembly import Account, Pipeline
from artefacts.definition.graph import all_steps
from local_runner import engine
from local_runner.engine import Engine, check_runnable
from local_runner.errors import RefusedError, StepFailedError, StoppedError
from local_runner.interpreter.expressions import Scope
from local_runner.on_disk.jobs import AllowAllJobs
from local_runner.on_disk.lambda_functions import FunctionProcesses
from local_runner.on_disk.workspace import Workspace
from local_runner.record.execution import Execution
from local_runner.record.faults import record_fault
from local_runner.record.step_cache import Result
from local_runner.steps.condition import run_condition
from local_runner.steps.context import Context, Task
from local_runner.steps.fail import run_fail

Handler = Callable[[Task, Context], Result]


def step(name: str, *reads: str, **more: Any) -> dict[str, Any]:
    references = {each: {"Get": f"Steps.{each}.Made"} for each in reads}
    cache = {"Enabled": True, "ExpireAfter": "P1D"}
    return {"Name": name, "Type": "Processing", "Arguments": {"Environment": references}, "CacheConfig": cache, **more}


class Runs:
    """Executes pipelines of made-up steps in one workspace."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.workspace = Workspace(folder)
        self.order: list[str] = []
        self.stop = threading.Event()
        self.seen: list[dict[str, str]] = []
        self.handlers: dict[str, Handler] = {}
        self._times = itertools.count()
        control = {"Condition": run_condition, "Fail": run_fail}
        monkeypatch.setattr(engine, "HANDLERS", {"Processing": self._handle, **control})

    def run(
        self,
        *documents: dict[str, Any],
        may_reuse: bool = True,
        parameters: Mapping[str, Any] | None = None,
        parallelism: int | None = None,
    ) -> Execution:
        self.prepare(*documents, may_reuse=may_reuse, parameters=parameters, parallelism=parallelism).run()
        return self.engine.execution

    def prepare(
        self, *documents: dict[str, Any], may_reuse: bool, parameters: Mapping[str, Any] | None, parallelism: int | None
    ) -> Engine:
        steps = {each.name: each for each in all_steps(documents)}
        pipeline = Pipeline("bonus", Account("1" * 12, "eu-west-1"), {}, frozenset(), (), {})
        execution = self.workspace.new_execution(pipeline, steps, {}, self._clock())
        registry = self.workspace.registry(pipeline)
        context = Context(
            execution.id,
            pipeline.account,
            lambda _role: self.workspace.store,
            registry,
            AllowAllJobs(),
            self.workspace.cache(pipeline, may_reuse=may_reuse),
            FunctionProcesses({}, pipeline.account, registry, self.workspace.store, self.stop),
            self._clock,
            self.stop,
        )
        self.engine = Engine(steps, execution, Scope(parameters or {}, {}), context, self._observe, parallelism)
        return self.engine

    def _handle(self, task: Task, context: Context) -> Result:
        self.order.append(task.step.name)
        handler = self.handlers.get(task.step.name)
        if handler:
            return handler(task, context)
        return Result(
            {"Made": f"{context.execution_id}/{task.step.name}"}, {"ProcessingJob": {"Arn": task.step.name}}, {}
        )

    def _observe(self, execution: Execution) -> None:
        self.seen.append({each.name: each.status or "" for each in execution.steps.values()})

    def _clock(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=next(self._times))


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(tmp_path, monkeypatch)


def statuses(execution: Execution) -> dict[str, str]:
    return {each.name: each.status or "" for each in execution.steps.values() if each.status}


def fail(reason: str) -> Handler:
    return raise_in_handler(StepFailedError(reason))


def raise_in_handler(error: BaseException) -> Handler:
    def handler(_task: Task, _context: Context) -> Result:
        raise error

    return handler


def test_chain_runs_in_order_each_step_with_what_the_one_before_made(runs: Runs) -> None:
    execution = runs.run(step("C", "B"), step("B", "A"), step("A"))
    assert runs.order == ["A", "B", "C"]
    assert execution.status == "Succeeded"


def test_diamond_runs_its_sides_in_parallel(runs: Runs) -> None:
    barrier = threading.Barrier(2)

    def meet(task: Task, _context: Context) -> Result:
        barrier.wait(timeout=10)
        return Result({"Made": task.step.name}, {}, {})

    runs.handlers = {"Left": meet, "Right": meet}
    execution = runs.run(step("Start"), step("Left", "Start"), step("Right", "Start"), step("End", "Left", "Right"))
    assert execution.status == "Succeeded"
    assert (runs.order[0], runs.order[-1]) == ("Start", "End")


def test_no_more_steps_run_at_once_than_may(runs: Runs) -> None:
    running: list[str] = []
    most = []

    def count(task: Task, _context: Context) -> Result:
        running.append(task.step.name)
        most.append(len(running))
        time.sleep(0.05)
        running.remove(task.step.name)
        return Result({"Made": task.step.name}, {}, {})

    names = ["A", "B", "C", "D"]
    runs.handlers = dict.fromkeys(names, count)
    assert runs.run(*map(step, names), parallelism=2).status == "Succeeded"
    assert max(most) == 2


def test_retried_execution_runs_what_did_not_succeed_and_nothing_else(runs: Runs) -> None:
    runs.handlers["B"] = fail("AlgorithmError: 9 rows")
    execution = runs.run(step("A"), step("B", "A"), step("C", "B"))
    del runs.handlers["B"]
    execution.reopen()
    runs.engine.run()
    assert (execution.status, execution.failure_reason) == ("Succeeded", "")
    assert runs.order == ["A", "B", "B", "C"]
    assert execution.steps["B"].failure_reason == ""


def test_failure_is_recorded_with_its_reason_and_starts_nothing_more(runs: Runs) -> None:
    runs.handlers["B"] = fail("AlgorithmError: 9 rows, exit code: 1")
    execution = runs.run(step("A"), step("B", "A"), step("C", "B"))
    assert execution.status == "Failed"
    assert execution.failure_reason == "Step failure: One or multiple steps failed."
    assert statuses(execution) == {"A": "Succeeded", "B": "Failed"}
    assert execution.steps["B"].failure_reason == "AlgorithmError: 9 rows, exit code: 1"


def test_steps_that_run_when_another_fails_are_let_run_to_their_end(runs: Runs) -> None:
    failed = threading.Event()

    def slow(task: Task, _context: Context) -> Result:
        failed.wait(10)
        time.sleep(0.2)
        return Result({"Made": task.step.name}, {}, {})

    def fast(_task: Task, _context: Context) -> Result:
        failed.set()
        raise StepFailedError("no")

    runs.handlers = {"Slow": slow, "Fast": fast}
    execution = runs.run(step("Slow"), step("Fast"), step("After", "Slow"))
    assert statuses(execution) == {"Slow": "Succeeded", "Fast": "Failed"}
    assert execution.status == "Failed"


def test_stop_ends_running_steps_and_starts_nothing_more(runs: Runs) -> None:
    def interrupted(_task: Task, context: Context) -> Result:
        runs.stop.set()
        context.stop.wait(10)
        time.sleep(0.3)
        raise StoppedError

    runs.handlers["A"] = interrupted
    execution = runs.run(step("A"), step("B", "A"))
    assert execution.status == "Stopped"
    assert statuses(execution) == {"A": "Stopped"}
    assert {"A": "Stopping", "B": ""} in runs.seen


def test_signal_that_does_not_wake_the_main_thread_stops_a_running_step(runs: Runs) -> None:
    def interrupted(_task: Task, context: Context) -> Result:
        time.sleep(0.2)  # the main thread has nothing to do but to wait
        _thread.interrupt_main(signal.SIGUSR1)
        assert context.stop.wait(10), "the handler of the signal has not run"
        raise StoppedError

    runs.handlers["A"] = interrupted
    before = signal.signal(signal.SIGUSR1, lambda *_: runs.stop.set())
    try:
        assert statuses(runs.run(step("A"))) == {"A": "Stopped"}
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_stop_before_the_first_step_starts_nothing(runs: Runs) -> None:
    runs.stop.set()
    execution = runs.run(step("A"))
    assert (execution.status, runs.order) == ("Stopped", [])


def test_reference_to_something_that_was_not_made_fails_the_step(runs: Runs) -> None:
    runs.handlers["A"] = lambda _task, _context: Result({}, {}, {})
    execution = runs.run(step("A"), step("B", "A"))
    assert statuses(execution) == {"A": "Succeeded", "B": "Failed"}
    assert "what step A made has no Steps.A.Made" in execution.steps["B"].failure_reason


def test_full_disk_fails_the_step_and_not_the_runner(runs: Runs) -> None:
    def full(_task: Task, _context: Context) -> Result:
        raise OSError(28, "No space left on device")

    runs.handlers["A"] = full
    execution = runs.run(step("A"))
    assert execution.steps["A"].failure_reason == "InternalServerError: [Errno 28] No space left on device"


@pytest.mark.parametrize("error", [ValueError("salary 5,000 of Ann"), SystemExit(3)])
def test_unexpected_exception_of_a_handler_fails_step_and_execution_without_its_text(
    runs: Runs, error: BaseException
) -> None:
    runs.handlers["A"] = raise_in_handler(error)
    execution = runs.run(step("A"), step("B", "A"))
    log = execution.folder / "A" / "fault.log"
    name = type(error).__name__
    assert execution.steps["A"].failure_reason == (
        f"InternalServerError: a fault of the local runner, not of the pipeline: {name}: see {log}"
    )
    assert log.read_text().splitlines()[-1] == f"{name}: {error}"
    assert "in handler" in log.read_text()
    assert read_record(execution) == ("Failed", {"A": "Failed"})


def read_record(execution: Execution) -> tuple[str, dict[str, str]]:
    """Return the status of the execution, and those of its steps, in `execution.json`."""
    document = json.loads((execution.folder / "execution.json").read_text())
    steps = {each["StepName"]: each["StepStatus"] for each in document["PipelineExecutionSteps"]}
    return document["PipelineExecutionStatus"], steps


def test_unexpected_exception_in_resolving_arguments_fails_step_and_execution(runs: Runs) -> None:
    document = step("A")
    document["Arguments"]["Environment"]["SIZE"] = {"Get": "Parameters.Unknown"}
    execution = runs.run(document)
    assert read_record(execution) == ("Failed", {"A": "Failed"})
    assert execution.steps["A"].failure_reason.endswith(f": KeyError: see {execution.folder / 'A' / 'fault.log'}")


def test_malformed_cache_entry_fails_step_and_execution(runs: Runs) -> None:
    runs.run(step("A"))
    (cached,) = (runs.workspace.root / "cache").iterdir()
    cached.write_text("{")
    execution = runs.run(step("A"))
    assert read_record(execution) == ("Failed", {"A": "Failed"})
    assert ": JSONDecodeError: see " in execution.steps["A"].failure_reason


def test_result_that_cannot_be_cached_fails_step_and_execution(runs: Runs) -> None:
    runs.handlers["A"] = lambda _task, _context: Result({"Made": object()}, {}, {})
    execution = runs.run(step("A"))
    assert read_record(execution) == ("Failed", {"A": "Failed"})
    assert ": TypeError: see " in execution.steps["A"].failure_reason


def test_observer_that_raises_ends_execution_and_running_steps(runs: Runs) -> None:
    def wait(_task: Task, context: Context) -> Result:
        assert context.stop.wait(10)
        raise StoppedError

    def raise_while_a_runs(execution: Execution) -> None:
        if runs.order:
            raise BrokenPipeError(f"no one reads of {execution.id}")

    runs.handlers["A"] = wait
    engine = runs.prepare(step("A"), step("B", "A"), may_reuse=True, parameters=None, parallelism=None)
    engine.observe = raise_while_a_runs
    engine.run()
    execution = engine.execution
    assert read_record(execution) == ("Failed", {"A": "Failed"})
    log = execution.folder / "fault.log"
    assert execution.failure_reason.endswith(f": BrokenPipeError: see {log}")
    assert execution.steps["A"].failure_reason == execution.failure_reason
    assert "in raise_while_a_runs" in log.read_text()


def test_observer_that_raises_after_the_end_does_not_change_the_outcome(runs: Runs) -> None:
    def raise_at_the_end(execution: Execution) -> None:
        if execution.ended:
            raise BrokenPipeError

    engine = runs.prepare(step("A"), may_reuse=True, parameters=None, parallelism=None)
    engine.observe = raise_at_the_end
    with pytest.raises(BrokenPipeError):
        engine.run()
    assert read_record(engine.execution) == ("Succeeded", {"A": "Succeeded"})


def test_fault_without_a_writable_log_is_reported_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "A").touch()
    assert record_fault(ValueError("5,000"), tmp_path / "A").endswith(
        ": ValueError: its traceback cannot be written (File exists)"
    )


def test_second_run_on_the_same_data_is_all_hits_and_says_where_from(runs: Runs) -> None:
    first = runs.run(step("A"), step("B", "A"))
    second = runs.run(step("A"), step("B", "A"))
    assert runs.order == ["A", "B"]
    assert [each.cache_hit_source for each in second.steps.values()] == [first.arn, first.arn]
    assert second.steps["B"].metadata == first.steps["B"].metadata


def test_changed_step_takes_those_that_read_from_it_along_but_no_others(runs: Runs) -> None:
    version = {"Get": "Parameters.Version"}

    def pipeline() -> list[dict[str, Any]]:
        changing = step("A")
        changing["Arguments"]["Environment"]["VERSION"] = version
        return [changing, step("B", "A"), step("Other")]

    runs.run(*pipeline(), parameters={"Version": "1"})
    runs.order.clear()
    execution = runs.run(*pipeline(), parameters={"Version": "2"})
    assert runs.order == ["A", "B"]
    assert execution.steps["Other"].cache_hit_source


def test_failed_step_is_not_remembered(runs: Runs) -> None:
    runs.handlers["A"] = fail("no")
    runs.run(step("A"))
    del runs.handlers["A"]
    assert runs.run(step("A")).steps["A"].cache_hit_source == ""


def test_without_the_cache_every_step_runs_and_is_remembered_all_the_same(runs: Runs) -> None:
    runs.run(step("A"))
    second = runs.run(step("A"), may_reuse=False)
    third = runs.run(step("A"))
    assert second.steps["A"].cache_hit_source == ""
    assert third.steps["A"].cache_hit_source == second.arn


def gate(left: int, *, name: str = "Gate", then: Sequence[Any] = (), otherwise: Sequence[Any] = ()) -> dict[str, Any]:
    condition = {"Type": "Equals", "LeftValue": left, "RightValue": 1}
    branches = {"IfSteps": list(then), "ElseSteps": list(otherwise)}
    return {"Name": name, "Type": "Condition", "Arguments": {"Conditions": [condition], **branches}}


def reject(name: str = "Rejected") -> dict[str, Any]:
    return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": "not good enough"}}


def test_condition_runs_one_branch_and_the_other_is_not_in_the_record(runs: Runs) -> None:
    execution = runs.run(step("A"), gate(1, then=[step("B", "A")], otherwise=[reject()]))
    assert statuses(execution) == {"A": "Succeeded", "Gate": "Succeeded", "B": "Succeeded"}
    assert execution.status == "Succeeded"
    assert execution.steps["Gate"].metadata == {"Condition": {"Outcome": "True"}}


def test_fail_step_ends_the_execution_with_its_message(runs: Runs) -> None:
    execution = runs.run(gate(0, then=[step("B")], otherwise=[reject()]))
    assert statuses(execution) == {"Gate": "Succeeded", "Rejected": "Failed"}
    assert execution.status == "Failed"
    assert execution.steps["Rejected"].failure_reason == "not good enough"
    assert execution.steps["Rejected"].metadata == {"Fail": {"ErrorMessage": "not good enough"}}


def test_condition_in_a_branch_that_is_left_out_is_left_out_with_all_its_steps(runs: Runs) -> None:
    inner = gate(1, name="Inner", then=[step("B")], otherwise=[reject()])
    execution = runs.run(gate(0, then=[inner], otherwise=[step("C")]))
    assert statuses(execution) == {"Gate": "Succeeded", "C": "Succeeded"}
    assert execution.status == "Succeeded"


def test_uploads_before_a_failure_are_in_the_record(runs: Runs) -> None:
    def handler(_task: Task, _context: Context) -> Result:
        raise StepFailedError("bad data", metadata={"ProcessingJob": {"Arn": "job"}}, outputs={"report": "here"})

    runs.handlers["A"] = handler
    record = runs.run(step("A")).steps["A"]
    assert (record.metadata, record.outputs) == ({"ProcessingJob": {"Arn": "job"}}, {"report": "here"})


def test_record_has_the_words_of_the_service(runs: Runs) -> None:
    runs.handlers["B"] = fail("AlgorithmError: no")
    execution = runs.run(step("A"), step("B", "A"), step("C", "B"))
    document = json.loads((execution.folder / "execution.json").read_text())
    assert document["PipelineExecutionStatus"] == "Failed"
    assert document["PipelineExecutionArn"].endswith(f":pipeline/bonus/execution/{execution.id}")
    first, second = document["PipelineExecutionSteps"]
    assert set(first) == {"StepName", "StepType", "StepStatus", "StartTime", "EndTime", "Metadata"}
    assert (second["StepStatus"], second["FailureReason"]) == ("Failed", "AlgorithmError: no")
    assert datetime.fromisoformat(first["StartTime"]) < datetime.fromisoformat(first["EndTime"])


def test_latest_points_at_the_last_execution(runs: Runs) -> None:
    runs.run(step("A"))
    execution = runs.run(step("A"))
    latest = runs.workspace.root / "executions" / "latest"
    assert latest.resolve() == execution.folder


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"Type": "Callback"}, "step A is of type Callback: only Processing, Condition, Fail can run locally"),
        ({"Arguments": {"X": {"Std:Split": {}}}}, r"A\.Arguments\.X: cannot evaluate Std:Split here"),
        (
            {"Arguments": {"TrainingJobDefinition": {"AlgorithmSpecification": {"TrainingImage": "x"}}}},
            "image x cannot",
        ),
        ({"Arguments": {"AppSpecification": {"ImageUri": "x"}}}, "image x cannot run here"),
        ({"Arguments": {"AlgorithmSpecification": {"TrainingImage": "x"}}}, "image x cannot run here"),
    ],
)
def test_steps_that_cannot_run_are_refused_before_anything_runs(
    runs: Runs, document: dict[str, Any], message: str
) -> None:
    assert runs.order == []
    steps = {each.name: each for each in all_steps([step("Fine"), step("A") | document])}
    with pytest.raises(RefusedError, match=message):
        check_runnable(steps, {})


def test_function_that_is_not_deployed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "HANDLERS", {"Lambda": run_fail})
    (call,) = all_steps([{"Name": "Call", "Type": "Lambda", "FunctionArn": "arn:f", "Arguments": {}}])
    with pytest.raises(RefusedError, match="step Call calls arn:f: it is not in the assembly"):
        check_runnable({"Call": call}, {})
