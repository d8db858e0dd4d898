"""One execution: the local runner's engine in a thread, on S3 and with the roles of the pipeline that was deployed."""

import contextvars
import tempfile
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from artefacts.assembly import Account
from artefacts.definition.graph import Step
from artefacts.execution import Status
from local_aws.clients import ROOT, client
from local_aws.iam.errors import AccessDeniedError
from local_aws.sagemaker.jobs import JobsOfRole
from local_aws.sagemaker.records import Record
from local_aws.sagemaker.role_adapters import FunctionsOfRole, PipelineRole, RegistryOfRole, RoleStores
from local_aws.sagemaker.s3_store import S3Store
from local_aws.sagemaker.state_events import StateChanges
from local_runner.containers.threads import ContextThreadPool
from local_runner.engine import Engine
from local_runner.interpreter.expressions import Scope, property_files
from local_runner.record.execution import Execution
from local_runner.record.faults import record_fault
from local_runner.record.step_cache import StepCache
from local_runner.steps.context import Context


class ExecutionThread:
    """An execution and what it was started with, whatever becomes of its pipeline meanwhile."""

    def __init__(
        self,
        pipeline: Record,
        steps: Mapping[str, Step],
        account: Account,
        parameters: dict[str, Any],
        request: Record,
    ) -> None:
        self.pipeline = dict(pipeline)
        self.request = request
        self._account = account
        self._steps = steps
        self.execution = Execution.begin(_folder("executions"), pipeline["PipelineArn"], steps, parameters, _now())
        self._changes = StateChanges()
        self._scope: Scope | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def parallelism(self) -> Record:
        """The ParallelismConfiguration in force: the start's, or the pipeline's; empty if neither has one."""
        found: Record = (self.pipeline | self.request).get("ParallelismConfiguration", {})
        return found

    def start(self) -> None:
        """Run what has not succeeded yet, in a thread that sees the account and region of whoever asks."""
        self._stop = threading.Event()
        name = f"execution-{self.execution.id}"
        in_context = contextvars.copy_context().run
        self._thread = threading.Thread(target=in_context, args=(self._run,), name=name, daemon=True)
        self._thread.start()

    def retry(self) -> None:
        """Run again what did not succeed."""
        self.wait(None)  # the last status is there a moment before the last event
        self.execution.reopen()
        self.start()

    def stop(self) -> None:
        """Ask the steps that run to end; the execution's status says when they have."""
        self._stop.set()

    def wait(self, timeout_s: float | None) -> None:
        """Wait until the execution has ended and its last event is sent, or *timeout_s* is over."""
        if self._thread:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        with ContextThreadPool(max_workers=1) as pool:
            error = pool.submit(self._run_steps).exception()
        if error:
            denied = isinstance(error, AccessDeniedError)
            reason = str(error) if denied else record_fault(error, self.execution.folder)
            if not self.execution.ended:
                self.execution.status, self.execution.failure_reason = Status.FAILED, reason
        self.execution.save(_now())
        self._changes.observe(self.execution)

    def _run_steps(self) -> None:
        self._changes.observe(self.execution)
        self._engine().run()

    def _engine(self) -> Engine:
        execution = self.execution
        role = PipelineRole(self.pipeline["RoleArn"], execution.arn)
        own = S3Store(client("s3", self._account.region, ROOT))
        if self._scope is None:  # a retried execution keeps what its steps have made
            self._scope = Scope(
                execution.parameters,
                execution.variables(self.pipeline["PipelineName"]),
                property_files=property_files(self._steps),
            )
        self._scope.read = S3Store(role.session().client("s3")).read
        context = Context(
            execution_id=execution.id,
            account=self._account,
            stores=RoleStores(execution.arn),
            registry=RegistryOfRole(role),
            jobs=JobsOfRole(role, execution, self._scope.descriptions),
            cache=StepCache(_folder("cache"), execution.pipeline_arn, may_reuse=True, store=own),
            functions=FunctionsOfRole(role),
            clock=_now,
            stop=self._stop,
        )
        most = self.parallelism.get("MaxParallelExecutionSteps")
        return Engine(self._steps, execution, self._scope, context, self._changes.observe, most)


def _folder(name: str) -> Path:
    return Path(tempfile.gettempdir()) / name


def _now() -> datetime:
    return datetime.now(UTC)
