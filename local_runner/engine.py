"""Runs an execution: starts every step whose needs are met, until all have ended.

Uses differ in what the `Context` holds, the stores, the registry, the functions, who takes on a job and the clock, and
in nothing else.
"""

import concurrent.futures
import contextlib
from collections.abc import Callable, Container, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from artefacts.definition.graph import Step
from artefacts.definition.instances import find_instances
from artefacts.execution import Status
from local_runner.containers.images import check_images
from local_runner.containers.threads import ContextThreadPool
from local_runner.errors import RefusedError, StepFailedError, StoppedError
from local_runner.interpreter.expressions import Scope, check_supported, resolve
from local_runner.record.execution import Execution, StepRecord
from local_runner.record.faults import record_fault
from local_runner.record.step_cache import Hit, Result
from local_runner.steps.context import Context, Task
from local_runner.steps.handlers import HANDLERS

TICK_S = 0.1
"""How often the observer is called while nothing happens."""


def check_runnable(steps: Mapping[str, Step], functions: Container[str]) -> None:
    """Raise `RefusedError` unless every step can be run here, with the *functions* (ARNs) that there are."""
    for step in steps.values():
        if step.type not in HANDLERS:
            raise RefusedError(f"step {step.name} is of type {step.type}: only {', '.join(HANDLERS)} can run locally")
        check_supported(step.document, step.name)
        if step.type == "Lambda" and step.document["FunctionArn"] not in functions:
            raise RefusedError(f"step {step.name} calls {step.document['FunctionArn']}: it is not in the assembly")
        check_images(step)


@dataclass
class Engine:
    """Runs one execution. It changes the execution's record and calls the observer; it prints nothing.

    For one that nobody watches:

        Engine(pipeline.steps, execution, scope, context, observe=lambda execution: None).run()
        assert execution.status.has_ended
    """

    steps: Mapping[str, Step]
    execution: Execution
    scope: Scope
    context: Context
    observe: Callable[[Execution], None]
    parallelism: int | None = None
    """As many steps as may run at once; all that can if it is None."""
    _failed: bool = field(default=False, init=False)
    _running: dict[Future[Result], Step] = field(default_factory=dict, init=False)

    def run(self) -> None:
        """Run the execution to its end, which its status records, whatever a handler or the observer raises."""
        with ContextThreadPool(max_workers=len(self.steps) + 1) as pool:
            # A future keeps whatever is raised in it: an exception that nobody expected gets into the record, too.
            steps = pool.submit(self._run_steps, pool)
            # Python sees a signal between two of its own instructions: one that comes on the way into a wait without
            # an end is seen when the steps have ended, too late to stop them.
            while not steps.done():
                concurrent.futures.wait([steps], TICK_S)
            if fault := steps.exception():
                self.context.stop.set()  # for the steps that still run
        if fault:
            self._abort(fault)
            return
        self.execution.status = steps.result()
        if self._failed:
            self.execution.failure_reason = "Step failure: One or multiple steps failed."
        self._save()

    def _run_steps(self, pool: ThreadPoolExecutor) -> Status:
        """Run all steps that can be run, and return the status that they give the execution."""
        self._failed = False
        self._start_ready(pool)
        while self._running:
            done, _ = concurrent.futures.wait(self._running, TICK_S, concurrent.futures.FIRST_COMPLETED)
            if self.context.stop.is_set() and self.execution.status == Status.EXECUTING:
                self._mark_stopping()
            for future in done:
                self._collect(future, self._running.pop(future))
            self._start_ready(pool)
            self.observe(self.execution)
        return self._final_status()

    def _start_ready(self, pool: ThreadPoolExecutor) -> None:
        """Start every step whose needs are met; a result from the cache can make others ready at once."""
        started = True
        # Steps that run when another fails are let run to their end; no further one is started.
        while started and not self._failed and not self.context.stop.is_set():
            started = False
            for step in self.steps.values():
                record = self.execution.steps[step.name]
                if self.parallelism is not None and len(self._running) >= self.parallelism:
                    return
                if not record.status and self._is_ready(step):
                    self._start(step, record, pool)
                    started = True

    def _is_ready(self, step: Step) -> bool:
        needs = all(self.execution.steps[name].status == Status.SUCCEEDED for name in step.needs)
        return needs and self._is_chosen(step) is True

    def _is_chosen(self, step: Step) -> bool | None:
        """Return whether the conditions around *step* let it run; None while that is not decided."""
        if not step.branch:
            return True
        gate, _, branch = step.branch.rpartition(".")
        if gate not in self.scope.descriptions:
            return False if self._is_chosen(self.steps[gate]) is False else None
        return bool(self.scope.descriptions[gate]["Outcome"] == str(branch == "IfSteps"))

    def _start(self, step: Step, record: StepRecord, pool: ThreadPoolExecutor) -> None:
        record.status, record.start_time = Status.EXECUTING, self.context.clock()
        prepared = pool.submit(self._prepare, step, record)
        if error := prepared.exception():
            self._end_early(record, error)
            return
        task, hit = prepared.result()
        if hit:
            record.cache_hit_source = hit.execution_arn
            self._succeed(step, record, hit.result)
            return
        self._save()
        self._running[pool.submit(self._perform, task)] = step

    def _prepare(self, step: Step, record: StepRecord) -> tuple[Task, Hit | None]:
        """Return what *step* has to do, and what did it before if anything has."""
        arguments = resolve(step.arguments, self.scope)
        hit = self.context.cache.find(step, arguments, self.context.clock())
        record.image = arguments.get("AppSpecification", {}).get("ImageUri", "")
        if found := find_instances(arguments, {}):
            record.instance_type, record.instance_count = found.type, found.count
        return Task(step, arguments, self.execution.folder / step.name), hit

    def _perform(self, task: Task) -> Result:
        """Do what a step has to do, and remember it."""
        task.folder.mkdir()
        result = HANDLERS[task.step.type](task, self.context)
        self.context.cache.add(task.step, task.arguments, Hit(self.execution.arn, result), self.context.clock())
        return result

    def _collect(self, future: Future[Result], step: Step) -> None:
        """Take over what a step that has ended came to."""
        record = self.execution.steps[step.name]
        if error := future.exception():
            self._end_early(record, error)
        else:
            self._succeed(step, record, future.result())

    def _end_early(self, record: StepRecord, error: BaseException) -> None:
        match error:
            case StoppedError():
                self._end(record, Status.STOPPED, "")
            case StepFailedError():
                record.metadata, record.outputs = error.metadata, error.outputs
                self._end(record, Status.FAILED, str(error))
            case OSError():
                self._end(record, Status.FAILED, f"InternalServerError: {error}")
            case _:
                self._end(record, Status.FAILED, record_fault(error, self.execution.folder / record.name))

    def _succeed(self, step: Step, record: StepRecord, result: Result) -> None:
        record.metadata, record.outputs = result.metadata, result.outputs
        self.scope.descriptions[step.name] = result.description
        self._end(record, Status.SUCCEEDED, "")

    def _end(self, record: StepRecord, status: Status, reason: str) -> None:
        record.status, record.failure_reason, record.end_time = status, reason, self.context.clock()
        self._failed |= status == Status.FAILED
        self._save()

    def _abort(self, fault: BaseException) -> None:
        """End the execution and every step that has not ended, without the observer: the *fault* may be its own."""
        reason, now = record_fault(fault, self.execution.folder), self.context.clock()
        for record in self.execution.steps.values():
            if record.status in (Status.EXECUTING, Status.STOPPING):
                record.status, record.failure_reason, record.end_time = Status.FAILED, reason, now
        self.execution.status, self.execution.failure_reason = Status.FAILED, reason
        with contextlib.suppress(OSError):  # the disk may be what is at fault; the status is there for who asks
            self.execution.save(now)

    def _mark_stopping(self) -> None:
        self.execution.status = Status.STOPPING
        for step in self._running.values():
            self.execution.steps[step.name].status = Status.STOPPING
        self._save()

    def _final_status(self) -> Status:
        if self._failed:
            return Status.FAILED
        chosen = [self.execution.steps[name] for name, step in self.steps.items() if self._is_chosen(step) is not False]
        succeeded = all(record.status == Status.SUCCEEDED for record in chosen)
        return Status.SUCCEEDED if succeeded else Status.STOPPED

    def _save(self) -> None:
        self.execution.save(self.context.clock())
        self.observe(self.execution)
