"""Runs a tuning job: training jobs side by side, and the best of them."""

import json
from collections.abc import Mapping
from typing import Any

from local_runner.containers.threads import ContextThreadPool
from local_runner.errors import StepFailedError
from local_runner.record.step_cache import Result
from local_runner.steps.context import Context, Task
from local_runner.steps.hyperparameter_search import STRATEGIES, Search, Values
from local_runner.steps.job import submit
from local_runner.steps.training import train

Summary = dict[str, Any]

ATTEMPTS = 5
"""As many jobs may fail before the first succeeds; the service gives up then.

Source, for the number and the words: aws/amazon-sagemaker-examples, issue 2437, and jedick/sagemaker-churn-prediction,
README.md. That a search of fewer jobs names their number is our guess.
"""


def run_tuning(task: Task, context: Context) -> Result:
    """Do what CreateHyperParameterTuningJob does with the task's arguments."""
    name, arn = submit(task, context)
    config = task.arguments["HyperParameterTuningJobConfig"]
    strategy = config["Strategy"]
    if strategy not in STRATEGIES:
        raise StepFailedError(f"ClientError: strategy {strategy} cannot run here: use {' or '.join(STRATEGIES)}")
    summaries = _Trials(task, context, name).run(config)
    (task.folder / "training_jobs.json").write_text(json.dumps(summaries, indent=2) + "\n", encoding="utf-8")
    succeeded = list(filter(_has_succeeded, summaries))
    if not succeeded:
        raise StepFailedError(
            f"No training job succeeded after {min(ATTEMPTS, len(summaries))} attempts. For additional details, please"
            " take a look at the training job failures by listing training jobs for the hyperparameter tuning job."
            f" The first: {summaries[0]['FailureReason']}"
        )
    ranked = sorted(succeeded, key=lambda each: _loss(each, config["HyperParameterTuningJobObjective"]))
    best = ranked[0]
    job = task.arguments["TrainingJobDefinition"]
    description = {
        **task.arguments,
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobArn": arn,
        "HyperParameterTuningJobStatus": "Completed",
        "TrainingJobStatusCounters": {"Completed": len(ranked), "NonRetryableError": len(summaries) - len(ranked)},
        "BestTrainingJob": best,
        "TrainingJobSummaries": ranked,
    }
    model_uri = f"{job['OutputDataConfig']['S3OutputPath']}/{best['TrainingJobName']}/output/model.tar.gz"
    model = context.stores(job["RoleArn"]).locate(model_uri)
    return Result(description, {"TuningJob": {"Arn": arn}}, {"model": model})


def _has_succeeded(summary: Mapping[str, str]) -> bool:
    return summary["ObjectiveStatus"] == "Succeeded"


def _loss(summary: Summary, objective: Mapping[str, str]) -> float:
    value: float = summary["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
    return value if objective["Type"] == "Minimize" else -value


class _Trials:
    """The training jobs of one search."""

    def __init__(self, task: Task, context: Context, name: str) -> None:
        self._definition = task.arguments["TrainingJobDefinition"]
        self._folder = task.folder
        self._context = context
        self._name = name

    def run(self, config: Mapping[str, Any]) -> list[Summary]:
        """Run as many as *config* allows, in rounds of as many as may run at once, and return what came of each.

        Ends early where none of the first `ATTEMPTS` succeeds.
        """
        objective = config["HyperParameterTuningJobObjective"]
        limits = config["ResourceLimits"]
        search = Search(config["ParameterRanges"], strategy=config["Strategy"], random_state=config["RandomSeed"])
        summaries: list[Summary] = []
        with ContextThreadPool(limits["MaxParallelTrainingJobs"]) as pool:
            while left := limits["MaxNumberOfTrainingJobs"] - len(summaries):
                points = search.propose(min(left, limits["MaxParallelTrainingJobs"]))
                tried = [search.values(point) for point in points]
                numbers = range(len(summaries) + 1, len(summaries) + 1 + len(points))
                done = list(pool.map(self._train, numbers, tried, [objective["MetricName"]] * len(points)))
                summaries += done
                for point, summary in zip(points, done, strict=True):
                    if _has_succeeded(summary):
                        search.learn(point, _loss(summary, objective))
                if len(summaries) >= ATTEMPTS and not any(map(_has_succeeded, summaries)):
                    break
        return summaries

    def _train(self, number: int, tried: Values, metric: str) -> Summary:
        name = f"{self._name}-{number:03d}"
        folder = self._folder / name
        folder.mkdir()
        arguments = {
            **{key: value for key, value in self._definition.items() if key != "StaticHyperParameters"},
            "HyperParameters": {**self._definition.get("StaticHyperParameters", {}), **tried},
        }
        summary = {
            "TrainingJobName": name,
            "TrainingJobArn": self._context.account.arn("sagemaker", f"training-job/{name}"),
            "CreationTime": self._context.clock().isoformat(),
            "TunedHyperParameters": tried,
        }
        try:
            description = train(arguments, name, folder, self._context)
        except StepFailedError as error:
            failed = {"TrainingJobStatus": "Failed", "ObjectiveStatus": "Failed", "FailureReason": str(error)}
            return {**summary, **failed}
        found = {each["MetricName"]: each["Value"] for each in description["FinalMetricDataList"]}
        summary |= {"TrainingJobStatus": "Completed", "TrainingEndTime": self._context.clock().isoformat()}
        if metric not in found:
            reason = f"the job has no {metric}: let the search minimize one of {', '.join(found)}"
            return {**summary, "ObjectiveStatus": "Failed", "FailureReason": reason}
        return {
            **summary,
            "ObjectiveStatus": "Succeeded",
            "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": metric, "Value": found[metric]},
        }
