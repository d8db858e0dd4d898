"""A search goes on when jobs fail, and ends as the service's does when none succeeds."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from artefacts.assembly import Account, Pipeline
from artefacts.definition.graph import all_steps
from local_runner.errors import StepFailedError
from local_runner.on_disk.jobs import AllowAllJobs
from local_runner.on_disk.lambda_functions import FunctionProcesses
from local_runner.on_disk.workspace import Workspace
from local_runner.record.step_cache import Result
from local_runner.steps import tuning
from local_runner.steps.context import Context, Task

NOW = datetime(2026, 11, 26, tzinfo=UTC)
METRIC = "validation:objective_loss"
DIVERGES = "ClientError: training diverges, exit code: 1"


class Search:
    """Runs a search whose training jobs come to what *losses* says, None for one that fails."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "step"
        self.folder.mkdir()
        self.workspace = Workspace(folder / "workspace")
        self.metric = METRIC
        self.losses: Callable[[int], float | None] = float
        monkeypatch.setattr(tuning, "train", self._train)

    def run(self, *, jobs: int, parallel: int) -> Result:
        (step,) = all_steps([{"Name": "Tune", "Type": "Tuning", "Arguments": arguments(jobs, parallel)}])
        account = Account("111122223333", "eu-west-1")
        pipeline = Pipeline("bonus", account, {}, frozenset(), (), {})
        registry, stop = self.workspace.registry(pipeline), threading.Event()
        context = Context(
            "abcdefghijkl",
            account,
            lambda _role: self.workspace.store,
            registry,
            AllowAllJobs(),
            self.workspace.cache(pipeline, may_reuse=False),
            FunctionProcesses({}, account, registry, self.workspace.store, stop),
            lambda: NOW,
            stop,
        )
        return tuning.run_tuning(Task(step, step.arguments, self.folder), context)

    @property
    def summaries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.folder / "training_jobs.json").read_text())
        return found

    def _train(self, arguments: Mapping[str, Any], name: str, folder: Path, context: Context) -> dict[str, Any]:  # noqa: ARG002  that of train
        loss = self.losses(int(name.rpartition("-")[2]))
        if loss is None:
            raise StepFailedError(DIVERGES)
        return {"FinalMetricDataList": [{"MetricName": self.metric, "Value": loss}]}


def arguments(jobs: int, parallel: int) -> dict[str, Any]:
    search = {"Name": "learning_rate", "MinValue": "0.001", "MaxValue": "1000", "ScalingType": "Logarithmic"}
    return {
        "HyperParameterTuningJobName": "eb",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": METRIC},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": parallel},
            "ParameterRanges": {"ContinuousParameterRanges": [search]},
            "RandomSeed": 1,
        },
        "TrainingJobDefinition": {
            "RoleArn": "arn:aws:iam::111122223333:role/Jobs",
            "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "linear-learner:1"},
            "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "OutputDataConfig": {"S3OutputPath": "s3://bonus/models"},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        },
    }


@pytest.fixture
def search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Search:
    return Search(tmp_path, monkeypatch)


def test_search_goes_on_without_the_jobs_that_fail(search: Search) -> None:
    search.losses = lambda number: None if number in (1, 2, 3, 5, 6, 7) else 10.0 - number
    description = search.run(jobs=8, parallel=2).description
    assert description["BestTrainingJob"]["TrainingJobName"].endswith("-008")
    assert description["TrainingJobStatusCounters"] == {"Completed": 2, "NonRetryableError": 6}
    assert [each.get("FailureReason") for each in search.summaries[:4]] == [DIVERGES, DIVERGES, DIVERGES, None]


@pytest.mark.parametrize(
    ("jobs", "parallel", "tried", "attempts"), [(50, 4, 8, 5), (50, 1, 5, 5), (50, 10, 10, 5), (4, 2, 4, 4)]
)
def test_search_of_which_no_job_succeeds_gives_up_in_the_words_of_the_service(
    search: Search, jobs: int, parallel: int, tried: int, attempts: int
) -> None:
    search.losses = lambda _number: None
    with pytest.raises(StepFailedError) as failed:
        search.run(jobs=jobs, parallel=parallel)
    assert str(failed.value) == (
        f"No training job succeeded after {attempts} attempts. For additional details, please take a look at the"
        f" training job failures by listing training jobs for the hyperparameter tuning job. The first: {DIVERGES}"
    )
    assert len(search.summaries) == tried


def test_job_without_the_objective_is_no_success(search: Search) -> None:
    search.metric = "train:mse"
    with pytest.raises(StepFailedError, match=f"The first: the job has no {METRIC}: let the search minimize one of tr"):
        search.run(jobs=2, parallel=1)
    assert [each["TrainingJobStatus"] for each in search.summaries] == ["Completed", "Completed"]
