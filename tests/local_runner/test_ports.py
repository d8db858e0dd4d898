"""An execution runs on the S3, registry and functions that it is given, with the role of each job."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from artefacts.assembly import Account
from artefacts.definition.graph import all_steps
from local_aws.sagemaker.s3_store import S3Store
from local_runner.containers.processes import Program
from local_runner.engine import Engine, check_runnable
from local_runner.errors import StepFailedError
from local_runner.interpreter.expressions import Scope, property_files
from local_runner.ports import Store
from local_runner.record.execution import Execution, StepRecord
from local_runner.record.step_cache import StepCache
from local_runner.steps import training
from local_runner.steps.context import Context
from tests.local_aws.fake_s3 import FakeS3

JOB_ROLE = "arn:aws:iam::111111111111:role/job"
PIPELINE_ROLE = "arn:aws:iam::111111111111:role/pipeline"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/1"
FUNCTION = "arn:aws:lambda:eu-west-1:111111111111:function:find"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

# Takes what was read, and says how much of it there is.
PROGRAM = """
import json, pathlib
size = len(pathlib.Path("processing/in/a").read_text())
pathlib.Path("processing/out").mkdir()
pathlib.Path("processing/out/size.json").write_text(json.dumps({"rows": size}))
"""

MEASURE: dict[str, Any] = {
    "Name": "Measure",
    "Type": "Processing",
    "CacheConfig": {"Enabled": True, "ExpireAfter": "P1D"},
    "PropertyFiles": [{"PropertyFileName": "Size", "OutputName": "size", "FilePath": "size.json"}],
    "Arguments": {
        "ProcessingJobName": "measure",
        "RoleArn": JOB_ROLE,
        "AppSpecification": {
            "ImageUri": "1.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1",
            "ContainerEntrypoint": ["python3", "-c", PROGRAM],
        },
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "ProcessingInputs": [
            {
                "InputName": "raw",
                "S3Input": {
                    "S3Uri": "s3://data/raw/",
                    "LocalPath": "/opt/ml/processing/in",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
        ],
        "ProcessingOutputConfig": {
            "KmsKeyId": KEY,
            "Outputs": [
                {
                    "OutputName": "size",
                    "S3Output": {
                        "S3Uri": "s3://data/out/size",
                        "LocalPath": "/opt/ml/processing/out",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ],
        },
    },
}
FIND: dict[str, Any] = {
    "Name": "Find",
    "Type": "Lambda",
    "FunctionArn": FUNCTION,
    "Arguments": {"Group": "bonus"},
    "OutputParameters": [{"OutputName": "Name", "OutputType": "String"}],
}
REGISTER: dict[str, Any] = {
    "Name": "Register",
    "Type": "RegisterModel",
    "Arguments": {
        "ModelPackageGroupName": "bonus",
        "ModelApprovalStatus": "PendingManualApproval",
        "InferenceSpecification": {
            "Containers": [{"Image": "image", "ModelDataUrl": "s3://data/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        "CustomerMetadataProperties": {"Champion": {"Get": "Steps.Find.OutputParameters['Name']"}},
    },
}
ROWS = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Measure.PropertyFiles.Size"}, "Path": "rows"}}
GATE: dict[str, Any] = {
    "Name": "Gate",
    "Type": "Condition",
    "Arguments": {
        "Conditions": [{"Type": "Equals", "LeftValue": ROWS, "RightValue": 3}],
        "IfSteps": [REGISTER],
        "ElseSteps": [],
    },
}
TRAINER = """
import pathlib
pathlib.Path("model/weights").write_text(pathlib.Path("input/data/train/a").read_text())
print("#quality_metric: host=algo-1, test mse <loss>=1.5")
"""
SOURCE = {"S3DataType": "S3Prefix", "S3Uri": "s3://data/raw/", "S3DataDistributionType": "FullyReplicated"}
JOB: dict[str, Any] = {
    "RoleArn": JOB_ROLE,
    "AlgorithmSpecification": {
        "TrainingImage": "1.dkr.ecr.eu-west-1.amazonaws.com/linear-learner:1",
        "TrainingInputMode": "File",
    },
    "InputDataConfig": [{"ChannelName": "train", "ContentType": "text/csv", "DataSource": {"S3DataSource": SOURCE}}],
    "OutputDataConfig": {"S3OutputPath": "s3://data/models", "KmsKeyId": KEY},
    "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}
TRAIN: dict[str, Any] = {
    "Name": "Train",
    "Type": "Training",
    "Arguments": {"TrainingJobName": "train", "HyperParameters": {}, **JOB},
}
TUNE: dict[str, Any] = {
    "Name": "Train",
    "Type": "Tuning",
    "Arguments": {
        "HyperParameterTuningJobName": "tune",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "RandomSeed": 1,
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "test:mse"},
            "ParameterRanges": {
                "ContinuousParameterRanges": [
                    {"Name": "wd", "MinValue": "0.1", "MaxValue": "1", "ScalingType": "Linear"}
                ]
            },
        },
        "TrainingJobDefinition": {"StaticHyperParameters": {}, **JOB},
    },
}


@dataclass
class FakeRegistry:
    """Remembers what was registered."""

    requests: list[Mapping[str, Any]] = field(default_factory=list)

    def create(self, _step: str, request: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        self.requests.append(request)
        arn = f"arn:aws:sagemaker:eu-west-1:111111111111:model-package/bonus/{len(self.requests)}"
        return {**request, "ModelPackageArn": arn, "CreationTime": now.isoformat()}


@dataclass
class FakeJobs:
    """Remembers what was asked, and denies what it is told to."""

    denied: str = ""
    asked: list[tuple[tuple[str, ...], str]] = field(default_factory=list)

    def accept(self, _step: str, operations: tuple[str, ...], arn: str, _request: Mapping[str, Any]) -> None:
        self.asked.append((operations, arn))
        if self.denied in operations:
            raise StepFailedError(f"ClientError: {self.denied} is denied")


class FakeFunctions:
    """Answers with what it was asked."""

    def invoke(self, arn: str, event: Mapping[str, Any], _folder: Path) -> Mapping[str, Any]:
        return {"Name": f"{event['Group']} of {arn.rpartition(':')[2]}"}


class Runs:
    """Executions on one S3."""

    def __init__(self, folder: Path) -> None:
        self.s3 = FakeS3()
        self.s3.objects["data", "raw/a"] = b"123"
        self.registry = FakeRegistry()
        self.jobs = FakeJobs()
        self.roles: list[str] = []
        self._folder = folder
        self._count = 0

    def stores(self, role: str) -> Store:
        self.roles.append(role)
        return S3Store(self.s3.client)

    def run(self, *documents: dict[str, Any]) -> Execution:
        self._count += 1
        steps = {each.name: each for each in all_steps(documents or (MEASURE, FIND, GATE))}
        check_runnable(steps, {FUNCTION})
        records = {step.name: StepRecord(step.name, step.type) for step in steps.values()}
        folder = self._folder / str(self._count)
        folder.mkdir()
        execution = Execution(str(self._count), "arn:pipeline/bonus", {}, NOW, folder, records)
        store = self.stores(PIPELINE_ROLE)
        context = Context(
            execution_id=execution.id,
            account=Account("1" * 12, "eu-west-1"),
            stores=self.stores,
            registry=self.registry,
            jobs=self.jobs,
            cache=StepCache(
                self._folder / "cache", "arn:pipeline/bonus", may_reuse=True, store=S3Store(self.s3.client)
            ),
            functions=FakeFunctions(),
            clock=lambda: NOW + timedelta(minutes=self._count),
            stop=threading.Event(),
        )
        scope = Scope({}, execution.variables("bonus"), property_files=property_files(steps), read=store.read)
        Engine(steps, execution, scope, context, observe=lambda _: None).run()
        return execution


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def test_job_reads_and_writes_s3_with_its_own_role_and_key(runs: Runs) -> None:
    execution = runs.run()
    assert execution.status == "Succeeded", {each.name: each.failure_reason for each in execution.steps.values()}
    assert runs.s3.objects["data", "out/size/size.json"] == b'{"rows": 3}'
    assert runs.s3.keys_used == {("data", "out/size/size.json"): KEY}
    assert runs.roles == [PIPELINE_ROLE, JOB_ROLE]
    assert execution.steps["Measure"].outputs == {"size": "s3://data/out/size"}


APPENDED = "-1-[A-Za-z0-9]{10}-0"
"""To the name of a job: the execution, a token, the failures before."""


@pytest.mark.parametrize(("document", "job"), [(TRAIN, f"train{APPENDED}"), (TUNE, f"tune{APPENDED}-001")])
def test_model_is_trained_on_s3_and_lies_there(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, document: dict[str, Any], job: str
) -> None:
    monkeypatch.setattr(training, "program", lambda *_: Program([sys.executable, "-c", TRAINER], {}))
    record = runs.run(document).steps["Train"]
    assert record.failure_reason == ""
    key = record.outputs["model"].removeprefix("s3://data/")
    assert re.fullmatch(f"models/{job}/output/model.tar.gz", key)
    assert runs.s3.keys_used["data", key] == KEY
    assert set(runs.roles) == {PIPELINE_ROLE, JOB_ROLE}


# Fails with what each host has: its name, and its files of both channels.
TELL_SHARES = """
import json, pathlib, sys
found = []
for root in map(pathlib.Path, sys.argv[1:]):
    name = json.loads((root / "input/config/resourceconfig.json").read_text())["current_host"]
    files = (sorted(path.name for path in (root / "input/data" / each).iterdir()) for each in ("train", "test"))
    found.append(f"{name} {' '.join(map(','.join, files))}")
pathlib.Path("output").mkdir()
pathlib.Path("output/failure").write_text("; ".join(found))
sys.exit(1)
"""


def train_on_shards(monkeypatch: pytest.MonkeyPatch, instances: int) -> dict[str, Any]:
    """Return the step of a job of several instances, whose training objects are dealt out to them."""
    monkeypatch.setattr(
        training, "program", lambda _, others, __: Program([sys.executable, "-c", TELL_SHARES, "/opt/ml", *others], {})
    )
    distributions = {"train": "ShardedByS3Key", "test": "FullyReplicated"}
    channels = [
        {
            "ChannelName": name,
            "DataSource": {"S3DataSource": {**SOURCE, "S3Uri": f"s3://data/{name}/", "S3DataDistributionType": each}},
        }
        for name, each in distributions.items()
    ]
    resources = {**JOB["ResourceConfig"], "InstanceCount": instances}
    return {**TRAIN, "Arguments": {**TRAIN["Arguments"], "InputDataConfig": channels, "ResourceConfig": resources}}


def test_training_objects_are_dealt_out_by_key_and_all_others_are_on_every_host(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = [*(f"train/{name}" for name in "cadbe"), "test/y", "test/x"]
    runs.s3.objects |= {("data", key): b"1" for key in objects}
    record = runs.run(train_on_shards(monkeypatch, 2)).steps["Train"]
    assert record.failure_reason.startswith("AlgorithmError: algo-1 a,c,e x,y; algo-2 b,d x,y, exit code: 1")


def test_fewer_training_objects_than_hosts_are_refused(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.s3.objects |= {("data", key): b"1" for key in ("train/a", "train/b", "test/x")}
    record = runs.run(train_on_shards(monkeypatch, 3)).steps["Train"]
    assert record.failure_reason == (
        "ClientError: channel train has 2 objects for 3 instances: start with as many instances as objects at most"
    )


def test_model_is_registered_in_the_group_of_the_execution(runs: Runs) -> None:
    execution = runs.run()
    (request,) = runs.registry.requests
    assert request["CustomerMetadataProperties"] == {"Champion": "bonus of find"}
    assert execution.steps["Register"].metadata["RegisterModel"]["Arn"].endswith(":model-package/bonus/1")


def register_with_card(*parts: Any) -> dict[str, Any]:
    card = {"ModelCardContent": {"Std:Join": {"On": "", "Values": list(parts)}}, "ModelCardStatus": "PendingReview"}
    return {**REGISTER, "Arguments": {**REGISTER["Arguments"], "ModelCard": card}}


def test_model_card_is_joined_of_texts_and_of_what_a_step_has_found(runs: Runs) -> None:
    runs.run(MEASURE, FIND, register_with_card('{"rows": ', ROWS, "}"))
    (request,) = runs.registry.requests
    assert request["ModelCard"] == {"ModelCardContent": '{"rows": 3}', "ModelCardStatus": "PendingReview"}


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (["{", ROWS, "}"], "ClientError: ModelCardContent: it is no JSON object, Expecting property name"),
        ([ROWS], "ClientError: ModelCardContent: it is no JSON object, but of type int: write one"),
        (['{"a": "', "x" * 100_000, '"}'], "is more than 100000 characters: shorten it"),
    ],
)
def test_model_card_that_the_registry_could_not_show_fails_the_step(runs: Runs, parts: list[Any], reason: str) -> None:
    execution = runs.run(MEASURE, FIND, register_with_card(*parts))
    found = execution.steps["Register"].failure_reason
    assert reason in found
    assert len(found) < 1_000
    assert runs.registry.requests == []


def test_result_is_reused_as_long_as_its_objects_are_there(runs: Runs) -> None:
    first = runs.run()
    assert runs.run().steps["Measure"].cache_hit_source == first.arn
    del runs.s3.objects["data", "out/size/size.json"]
    assert runs.run().steps["Measure"].cache_hit_source == ""


def test_result_that_cannot_be_looked_for_fails_the_step_and_not_the_runner(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(**_: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "Access Denied"}}, "ListObjectsV2")

    runs.run()
    monkeypatch.setattr(runs.s3, "paginate", denied)
    record = runs.run().steps["Measure"]
    assert (record.status, record.failure_reason.endswith("(AccessDenied: Access Denied)")) == ("Failed", True)


def test_engine_needs_neither_the_command_line_nor_what_it_is_built_of() -> None:
    program = "import json, sys, local_runner.engine; print(json.dumps(sorted(sys.modules)))"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    ours = ("__main__", "approval", "progress", "on_disk")
    assert not [name for name in loaded if name.startswith(tuple(f"local_runner.{each}" for each in ours))]
    assert {"rich", "boto3"}.isdisjoint(loaded)


@pytest.mark.parametrize(
    ("document", "operations", "job"),
    [
        (MEASURE, ("CreateProcessingJob", "DescribeProcessingJob"), "processing-job/measure"),
        (TRAIN, ("CreateTrainingJob", "DescribeTrainingJob"), "training-job/train"),
        (
            TUNE,
            (
                "CreateHyperParameterTuningJob",
                "DescribeHyperParameterTuningJob",
                "ListTrainingJobsForHyperParameterTuningJob",
            ),
            "hyper-parameter-tuning-job/tune",
        ),
    ],
)
def test_job_that_the_pipelines_role_may_not_create_is_not_run(
    runs: Runs, document: dict[str, Any], operations: tuple[str, ...], job: str
) -> None:
    runs.jobs.denied = operations[0]
    record = runs.run(document).steps[document["Name"]]
    ((asked, arn),) = runs.jobs.asked
    assert asked == operations
    assert re.fullmatch(f"arn:aws:sagemaker:eu-west-1:111111111111:{job}{APPENDED}", arn)
    assert (record.status, record.failure_reason) == ("Failed", f"ClientError: {operations[0]} is denied")
    assert runs.roles == [PIPELINE_ROLE], "the job has begun"
