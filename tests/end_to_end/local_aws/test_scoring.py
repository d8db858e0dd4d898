"""The scoring pipeline that was deployed scores a new object with the approved model, as its own roles may."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.commands import write_employees
from tests.end_to_end.local_aws.aws import LocalAws, succeeded
from tests.end_to_end.local_aws.executions import DEADLINE_S, Execution, data_bucket, start, upload


@pytest.fixture(scope="module")
def scoring(deployed: LocalAws, assembly: Path) -> Iterator[LocalAws]:
    """The server with the scoring stack, too, while this module needs it."""
    stack = deployed.stage.scoring_stack
    succeeded(deployed.deploy(assembly, stack))
    yield deployed
    succeeded(deployed.destroy(assembly, stack))


@pytest.fixture(scope="module")
def champion(scoring: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """ARN of an approved version, which no other module finds."""
    data = write_employees(tmp_path_factory.mktemp("trained") / "employees.csv", 1_200, seed=5)
    execution = start(scoring, InputData=upload(scoring, data, "to-score-with"), DataVersion="to score with")
    assert execution.wait() == "Succeeded", execution.failures()
    sagemaker, version = scoring.client("sagemaker"), execution.registered()
    sagemaker.update_model_package(ModelPackageArn=version, ModelApprovalStatus="Approved")
    yield version
    sagemaker.update_model_package(ModelPackageArn=version, ModelApprovalStatus="Rejected")


def executions(aws: LocalAws) -> list[Execution]:
    found = aws.client("sagemaker").list_pipeline_executions(PipelineName=aws.stage.scoring_pipeline_name)
    return [Execution(aws, each["PipelineExecutionArn"]) for each in found["PipelineExecutionSummaries"]]


def test_new_object_below_scoring_is_scored_by_itself_once_the_rule_is_on(
    scoring: LocalAws, champion: str, tmp_path: Path
) -> None:
    s3, events, bucket = scoring.client("s3"), scoring.client("events"), data_bucket(scoring)
    for name in ("old", "new"):
        write_employees(tmp_path / f"{name}.csv", 200 if name == "old" else 100, seed=8)
    s3.upload_file(str(tmp_path / "old.csv"), bucket, "scoring/old.csv")
    events.enable_rule(Name=f"{scoring.stage.scoring_stack}-NewRecordsStart")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    try:
        s3.upload_file(str(tmp_path / "new.csv"), bucket, "scoring/new.csv")
        execution = wait_for_one(scoring)
        assert execution.wait() == "Succeeded", execution.failures()
    finally:
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    assert execution.parameters()["InputFile"] == "scoring/new.csv"
    summary = execution.read("predictions/*/predictions/scoring.json")
    assert (summary["rows"], summary["model_package"]) == (100, champion)
    key = f"predictions/{execution.id}/predictions/predictions.csv"
    kept = s3.get_object(Bucket=bucket, Key=key)
    assert kept["ServerSideEncryption"] == "aws:kms"
    assert len(kept["Body"].read().splitlines()) == 1 + summary["scored"]


def wait_for_one(aws: LocalAws) -> Execution:
    deadline = time.monotonic() + DEADLINE_S
    while not (found := executions(aws)):
        assert time.monotonic() < deadline, "the rule has started nothing"
        time.sleep(0.1)
    return found[0]


def test_scoring_by_hand_of_a_whole_prefix_reads_every_file(scoring: LocalAws, champion: str, tmp_path: Path) -> None:
    s3, bucket = scoring.client("s3"), data_bucket(scoring)
    for name in ("a", "b"):
        s3.upload_file(str(write_employees(tmp_path / f"{name}.csv", 60, seed=3)), bucket, f"scoring/both/{name}.csv")
    started = scoring.client("sagemaker").start_pipeline_execution(
        PipelineName=scoring.stage.scoring_pipeline_name,
        PipelineParameters=[
            {"Name": "InputData", "Value": f"s3://{bucket}/scoring/both/"},
            {"Name": "DataVersion", "Value": "by hand"},
        ],
    )
    execution = Execution(scoring, started["PipelineExecutionArn"])
    assert execution.wait() == "Succeeded", execution.failures()
    summary = execution.read("predictions/*/predictions/scoring.json")
    assert (summary["rows"], summary["model_package"]) == (120, champion)
