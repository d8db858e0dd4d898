"""Where a stage's settings say so, many training jobs take the place of the one."""

import json

from tests.end_to_end.commands import ROOT
from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import start, upload


def test_search_without_a_column_runs_with_the_roles_that_were_deployed_and_its_best_model_is_registered(
    scheduled: LocalAws,
) -> None:
    data = upload(scheduled, ROOT / "data" / "mock_data.csv", "search")
    execution = start(scheduled, InputData=data, DataVersion="search")
    assert execution.wait() == "Succeeded", execution.failures()
    search = execution.steps()["EmpBonusTuning"]["Metadata"]["TuningJob"]["Arn"].rpartition("/")[2]
    sagemaker = scheduled.client("sagemaker")
    jobs = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName=search)
    losses = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in jobs["TrainingJobSummaries"]]
    assert len(losses) == 2
    best = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=search)["BestTrainingJob"]
    assert best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == min(losses)
    package = sagemaker.describe_model_package(ModelPackageName=execution.registered())
    assert best["TrainingJobName"] in package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    features = execution.read("models/*/feature-model/feature_model.json")["features"]
    assert [name for name in features if name.startswith("age")] == []
    slices = execution.read("models/*/evaluation/evaluation.json")["slices"]
    assert set(slices["age_group"]) >= {"under_30", "50_and_over"}
    decisions = [json.loads(line) for line in (scheduled.folder / "decisions.jsonl").read_text().splitlines()]
    assert [each for each in decisions if not each["Allowed"]] == []
    assert "sagemaker:CreateHyperParameterTuningJob" in {each["Action"] for each in decisions}
