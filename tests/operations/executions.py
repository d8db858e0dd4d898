"""Executions as a test wants them: a source that answers what it is told to, and a clock that it moves."""

import dataclasses
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from artefacts.execution import Execution, Instances, Step
from operations.clock import Clock
from tests.operations.fake_account import FakeAccount

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/emp-bonus-training-pipeline-dev/execution/abcdefghijkl"
START = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
XLARGE = Instances("ml.m5.xlarge", 1)
JOB = "emp-bonus-dev-train-abcdefghijkl-aBcDeFgH12-0"  # pragma: allowlist secret


def step(name: str, status: str = "", *, start_s: float = 0, took_s: float | None = None, **more: Any) -> Step:
    """Return a step on one instance, which started so many seconds after the execution."""
    started = START + timedelta(seconds=start_s) if status else None
    ended = started + timedelta(seconds=took_s) if started and took_s is not None else None
    return Step(
        name=f"EmpBonus{name}",
        status=status,
        started=started,
        ended=ended,
        **{"type": "Processing", "instances": XLARGE, **more},
    )


def execution(status: str, *steps: Step, took_s: float = 900, **more: Any) -> Execution:
    """Return an execution."""
    return Execution(
        arn=ARN,
        pipeline_arn=ARN.partition("/execution")[0],
        status=status,
        created=START,
        modified=START + timedelta(seconds=took_s),
        steps=steps,
        **more,
    )


def training(status: str, **more: Any) -> Step:
    """Return the training step with its job."""
    made = {"TrainingJob": {"Arn": f"arn:aws:sagemaker:eu-west-1:111122223333:training-job/{JOB}"}}
    return step("Training", status, start_s=300, type="Training", made=made, **more)


@dataclasses.dataclass
class Answers:
    """A source that answers each look with the next of these; an exception is raised."""

    answers: Iterable[Execution | Exception]

    def __post_init__(self) -> None:
        self._next = iter(self.answers)

    def read(self, _arn: str) -> Execution:
        answer = next(self._next)
        if isinstance(answer, Exception):
            raise answer
        return answer


def error(code: str) -> ClientError:
    """Return what a client raises."""
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "DescribePipelineExecution")


def make_clock(slept: Callable[[float], None] = lambda _: None) -> Clock:
    """Return a clock that goes on only while somebody sleeps."""
    passed_s = 0.0

    def sleep(seconds: float) -> None:
        nonlocal passed_s
        passed_s += seconds
        slept(seconds)

    return Clock(lambda: START + timedelta(seconds=passed_s), lambda: passed_s, sleep)


def aws_answers(status: str, *steps: dict[str, Any], **more: Any) -> FakeAccount:
    """Return an account with an execution that has a training job."""
    training_step = {
        "Name": "EmpBonusTraining",
        "Type": "Training",
        "Arguments": {"ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": {"Get": "Parameters.Count"}}},
    }
    times = {"CreationTime": START, "LastModifiedTime": START}
    described = {"PipelineArn": ARN.partition("/execution")[0], "PipelineExecutionStatus": status, **times}
    stream = {"logStreamName": f"{JOB}/algo-1-1764158400"}
    return FakeAccount(
        {
            "DescribePipelineExecution": described,
            "ListPipelineParametersForExecution": {"PipelineParameters": [{"Name": "Count", "Value": "2"}]},
            "ListPipelineExecutionSteps": {"PipelineExecutionSteps": list(steps)},
            "DescribePipelineDefinitionForExecution": {"PipelineDefinition": json.dumps({"Steps": [training_step]})},
            "DescribeLogStreams": {"logStreams": [stream]},
            "GetLogEvents": {"events": [{"message": "out of memory\n"}, {"message": "killed"}]},
            **more,
        }
    )


FAILED_STEP = {
    "StepName": "EmpBonusTraining",
    "StepStatus": "Failed",
    "StartTime": START,
    "EndTime": START,
    "FailureReason": "AlgorithmError: see the log",
    "Metadata": {"TrainingJob": {"Arn": f"arn:aws:sagemaker:eu-west-1:111122223333:training-job/{JOB}"}},
}
