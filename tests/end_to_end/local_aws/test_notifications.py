"""Whoever subscribes to the topic is told what failed, where and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_aws.demo.inbox import subscribe
from tests.end_to_end.commands import ROOT, write_rows
from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import data_bucket, start, upload
from tests.end_to_end.local_aws.messages import deployed_one, notification, receive


@pytest.fixture(scope="module")
def inbox(deployed: LocalAws) -> Iterator[str]:
    """The URL of a queue that gets what the topic sends."""
    topic = deployed_one(deployed, "AWS::SNS::Topic")
    url = subscribe(deployed.client, topic)
    yield url
    (subscription,) = deployed.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    deployed.client("sns").unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    deployed.client("sqs").delete_queue(QueueUrl=url)


def test_fault_is_notified_with_its_step_and_reason(deployed: LocalAws, inbox: str) -> None:
    execution = start(deployed, InputData=f"s3://{data_bucket(deployed)}/raw/nothing/", DataVersion="nothing")
    assert execution.wait() == "Failed"
    text = notification(receive(deployed, inbox))
    assert "[dev] FAULT: a step failed" in text
    assert "Step: EmpBonusDataQuality" in text
    assert f"no S3 objects found under s3://{data_bucket(deployed)}/raw/nothing/" in text
    assert execution.arn in text


def test_rejected_model_is_notified_apart_from_a_fault(deployed: LocalAws, inbox: str) -> None:
    data = upload(deployed, ROOT / "data" / "mock_data.csv", "to-be-rejected")
    execution = start(deployed, InputData=data, DataVersion="rejected", MinimumR2="0.999")
    assert execution.wait() == "Failed"
    text = notification(receive(deployed, inbox))
    assert "[dev] MODEL REJECTED by the quality gate, not a fault" in text
    assert "Step: EmpBonusRejected" in text
    assert "is less than MinimumR2 0.999" in text
    assert "EmpBonusRegisterModel" not in execution.steps()


def test_refused_data_is_notified_apart_from_a_fault(deployed: LocalAws, inbox: str, tmp_path: Path) -> None:
    row = ("1", "A", "40", "50000", "Piracy", "2020-01-01", "{}", "1000")
    data = upload(deployed, write_rows(tmp_path / "one.csv", [row]), "to-be-refused")
    execution = start(deployed, InputData=data, DataVersion="refused")
    assert execution.wait() == "Failed"
    text = notification(receive(deployed, inbox))
    assert "[dev] DATA REFUSED by the contract, not a fault" in text
    assert "Step: EmpBonusDataQuality" in text
    assert "data contract violated" in text
    assert ", exit code: 3" in text
    job = execution.steps()["EmpBonusDataQuality"]["Metadata"]["ProcessingJob"]["Arn"].rpartition("/")[2]
    described = deployed.client("sagemaker").describe_processing_job(ProcessingJobName=job)
    assert described["ExitMessage"] in text, "the job says it, too"


def test_stopped_execution_is_notified(deployed: LocalAws, inbox: str) -> None:
    data = upload(deployed, ROOT / "data" / "mock_data.csv", "to-be-stopped")
    execution = start(deployed, InputData=data, DataVersion="stopped")
    deployed.client("sagemaker").stop_pipeline_execution(PipelineExecutionArn=execution.arn)
    assert execution.wait() == "Stopped"
    text = notification(receive(deployed, inbox))
    assert "[dev] UNFINISHED: an execution ended before its end" in text
    assert "Status: Stopped" in text
    assert execution.arn in text
