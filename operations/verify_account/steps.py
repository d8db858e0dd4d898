"""What is done in the account: executions are started and stopped, and everything is put back as it was."""

import csv
import io
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, Literal, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from operations.aws import Aws
from operations.clock import Clock
from operations.verify_account.deployment import RUNNING, Deployment
from operations.verify_account.executions import list_executions, read_run
from operations.verify_account.listener import Listener
from operations.verify_account.observations import Observations, Purpose, Run, Step
from operations.verify_account.questions import Scene, ask_all
from operations.verify_account.timeouts import Timeouts
from settings import RAW_PREFIX

Found = TypeVar("Found")

WHY_REJECTED = "rejected by make verify-account: a model of made-up data, approved only to see the next one rejected"
RULE_MEMBERS = ("Name", "ScheduleExpression", "EventPattern", "State", "Description", "RoleArn")
"""What PutRule sets anew: what is left out, it forgets."""
OPTIONS = {"name": "Name", "schedule-expression": "ScheduleExpression", "state": "State"}
"""Of `aws events put-rule`."""


class NotDoneError(Exception):
    """A step could not be done: why."""


class Verification:
    """One verification of a deployed stage; `perform` does all of it."""

    def __init__(
        self, deployment: Deployment, aws: Aws, timeouts: Timeouts, clock: Clock, say: Callable[[str], None]
    ) -> None:
        self._deployment, self._aws, self._timeouts, self._clock, self._say = deployment, aws, timeouts, clock, say
        self._pipeline = deployment.stage.pipeline_name
        self._undo = ExitStack()
        self._listener = Listener(deployment, aws)
        self._started: dict[Purpose, str] = {}
        self._strays: set[str] = set()
        """ARNs of what the schedule has started."""
        self._runs: dict[Purpose, Run] = {}
        self._undone: dict[str, str] = {}

    def perform(self, sample: str, identifier: str) -> Observations:
        """Do everything with the made-up employees of *sample*, and return what was seen.

        The rejection comes before other failures: it has to be the first that the alarms see, or it
        could not be said which failure they report.
        """
        since = self._clock.now()
        with self._undo:
            self._listener.listen(f"emp-bonus-{self._deployment.stage.name}-{identifier}", self._later)
            good = self._upload(sample, f"{identifier}/good")
            broken = self._upload(break_contract(sample), f"{identifier}/broken")
            self._later("stop what runs", lambda: self._stop(*self._started.values(), *self._strays))
            self._attempt("run on good data", lambda: self._run(Purpose.GOOD, good, identifier))
            self._attempt("approve, and run again", lambda: self._be_rejected(good, identifier))
            self._attempt("start, and stop", lambda: self._be_stopped(good, f"{identifier}-stopped"))
            self._attempt("run on broken data", lambda: self._run(Purpose.BROKEN, broken, f"{identifier}-broken"))
            self._attempt("start by the schedule", self._be_scheduled)
            self._attempt("wait for CloudTrail and metrics", lambda: self._clock.sleep(self._timeouts.trail_s))
            answers, unasked = ask_all(Scene(self._deployment, self._aws, self._runs, since, self._clock.now()))
            self._attempt("collect what was sent", self._listener.collect)
        stage = self._deployment.stage
        return Observations(
            group=stage.model_package_group_name,
            stack_tags=stage.tags,
            runs=self._runs,
            messages=self._listener.messages,
            events=self._listener.events,
            undone=self._undone,
            unasked=unasked,
            **answers,
        )

    def _attempt(self, name: str, step: Callable[[], object]) -> None:
        """Do *step*; that it cannot be done does not keep others from it, and is reported at the end."""
        self._say(name)
        try:
            step()
        # The last two: an answer of another form, which is worth a report, too.
        except (ClientError, BotoCoreError, NotDoneError, LookupError, ValueError) as error:
            self._undone[name] = f"{type(error).__name__}: {' '.join(str(error).split())}"
            self._say(f"  not done: {self._undone[name]}")

    def _later(self, name: str, step: Callable[[], object]) -> None:
        """Do *step* at the end, whatever happens before."""
        self._undo.callback(self._attempt, name, step)

    @contextmanager
    def _undoing(self, name: str, undo: Callable[[], object]) -> Iterator[None]:
        """Do *undo* at the end of a block, whatever happens in it."""
        try:
            yield
        finally:
            self._attempt(name, undo)

    def _upload(self, text: str, folder: str) -> str:
        """Upload employees below the raw prefix until the end, and return their folder's URI."""
        bucket, key = self._deployment.bucket, f"{RAW_PREFIX}{folder}/employees.csv"
        version = self._aws.s3.put_object(Bucket=bucket, Key=key, Body=text.encode())["VersionId"]
        self._later("delete data", lambda: self._aws.s3.delete_object(Bucket=bucket, Key=key, VersionId=version))
        return f"s3://{bucket}/{RAW_PREFIX}{folder}/"

    def _be_rejected(self, data: str, data_version: str) -> None:
        """Run with a champion that is no worse, for a while."""
        good = self._runs.get(Purpose.GOOD, Run(""))
        registered = good.steps.get("EmpBonusRegisterModel", Step()).made
        if not registered:
            raise NotDoneError("no version was registered that could be approved")

        def judge(status: Literal["Approved", "Rejected"]) -> None:
            self._aws.sagemaker.update_model_package(
                ModelPackageArn=registered, ModelApprovalStatus=status, ApprovalDescription=WHY_REJECTED
            )

        with self._undoing("reject the version", lambda: judge("Rejected")):
            judge("Approved")
            self._run(Purpose.AGAIN, data, data_version)

    def _be_stopped(self, data: str, data_version: str) -> None:
        self._start(Purpose.STOPPED, data, data_version)
        # A moment after its start, an execution may not be known yet: comdaze/sagemaker-mldlc-workflow, 2026-09.
        self._until(lambda: self._read(Purpose.STOPPED), self._timeouts.start_s)
        self._stop(self._started[Purpose.STOPPED])
        self._end(Purpose.STOPPED)

    def _be_scheduled(self) -> None:
        """Let the schedule start the pipeline each minute until it has, with the targets that it has."""
        events, before = self._aws.client("events"), set(list_executions(self._pipeline, self._aws))
        rule = _members(events.describe_rule(Name=self._deployment.schedule))
        restoring = " ".join(f"--{name} {shlex.quote(rule[member])}" for name, member in OPTIONS.items())
        self._say(f"  if this is killed, restore it by: aws events put-rule {restoring}")
        stop = partial(self._stop_newcomers, before)
        with self._undoing("stop what it started", stop), self._undoing("restore it", lambda: self._restore(rule)):
            events.put_rule(**rule | {"ScheduleExpression": "rate(1 minute)", "State": "ENABLED"})
            self._until(stop, self._timeouts.start_s)
        if Purpose.SCHEDULED not in self._started:
            raise NotDoneError(f"the schedule started nothing within {self._timeouts.start_s:g} s")
        self._until(lambda: stop() and None, self._timeouts.settle_s)
        self._end(Purpose.SCHEDULED)

    def _restore(self, rule: dict[str, str]) -> None:
        events = self._aws.client("events")
        events.put_rule(**rule)
        if _members(events.describe_rule(Name=rule["Name"])) != rule:
            raise NotDoneError(f"rule {rule['Name']} is not as it was: deploy the stage again")

    def _stop_newcomers(self, before: set[str]) -> bool | None:
        """Stop what was started since *before*, by the schedule as we have asked everybody else not to."""
        found = [arn for arn in list_executions(self._pipeline, self._aws) if arn not in before]
        if found:
            self._started.setdefault(Purpose.SCHEDULED, found[-1])
        self._strays.update(found)
        self._stop(*found)
        return bool(found) or None

    def _run(self, purpose: Purpose, data: str, data_version: str) -> None:
        self._start(purpose, data, data_version)
        self._end(purpose)

    def _start(self, purpose: Purpose, data: str, data_version: str) -> None:
        given = [{"Name": "InputData", "Value": data}, {"Name": "DataVersion", "Value": data_version}]
        started = self._aws.client("sagemaker").start_pipeline_execution(
            PipelineName=self._pipeline, PipelineParameters=given
        )
        self._started[purpose] = started["PipelineExecutionArn"]

    def _stop(self, *arns: str) -> None:
        """Stop the executions that are still at it; one may end, or begin to, between question and order."""
        for arn in arns:
            if not self._is_executing(arn):
                continue
            try:
                self._aws.client("sagemaker").stop_pipeline_execution(PipelineExecutionArn=arn)
            except ClientError:
                if self._is_executing(arn):
                    raise

    def _is_executing(self, arn: str) -> bool:
        run = read_run(arn, self._aws)
        return run is not None and run.status == RUNNING[0]

    def _end(self, purpose: Purpose) -> None:
        """Wait until an execution has ended, and for what is sent about it; whether that came, others judge."""
        if not self._until(lambda: self._read(purpose, ended=True), self._timeouts.run_s):
            raise NotDoneError(f"the execution has not ended within {self._timeouts.run_s:g} s")
        if self._runs[purpose].status != "Succeeded":
            arn = self._started[purpose]
            self._until(lambda: self._listener.has_heard_of(arn) or None, self._timeouts.message_s)

    def _read(self, purpose: Purpose, *, ended: bool = False) -> Run | None:
        run = read_run(self._started[purpose], self._aws)
        if run:
            self._runs[purpose] = run
        return run if run and not (ended and run.status in RUNNING) else None

    def _until(self, look: Callable[[], Found | None], timeout_s: float) -> Found | None:
        """Look until something is found, or *timeout_s* is over."""
        deadline = self._clock.monotonic_s() + timeout_s
        while (found := look()) is None and self._clock.monotonic_s() < deadline:
            self._clock.sleep(self._timeouts.poll_s)
        return found


def break_contract(text: str) -> str:
    """Return the employees of *text*, all in a department that the data contract does not know."""
    rows = list(csv.DictReader(io.StringIO(text)))
    broken = io.StringIO()
    writer = csv.DictWriter(broken, list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(row | {"department": "Unheard Of"} for row in rows)
    return broken.getvalue()


def _members(rule: Mapping[str, Any]) -> dict[str, str]:
    return {name: rule[name] for name in RULE_MEMBERS if name in rule}
