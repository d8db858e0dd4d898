"""The one command line on a deployment: an execution is started, watched, listed, shown, and its log is read."""

import json
import os
import subprocess
import sys
import time

import pytest

from tests.end_to_end.commands import ROOT
from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import Execution, data_bucket, upload

SAMPLE = ROOT / "data" / "mock_data.csv"


def operate(aws: LocalAws, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Type a command, as somebody does whose shell knows the stand-in."""
    command = [sys.executable, "-m", "operations", *arguments]
    environment = {**os.environ, **aws.environment}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def watched(deployed: LocalAws) -> tuple[str, subprocess.CompletedProcess[str]]:
    """The id of an execution that was started and watched, and what that said."""
    data = upload(deployed, SAMPLE, "operations")
    run = operate(deployed, "start", "--input", data, "--watch", "--every", "0.5")
    return run.stderr.splitlines()[0].rpartition("/")[2], run


def test_execution_is_started_with_the_version_of_its_data_and_watched_to_its_end(
    deployed: LocalAws, watched: tuple[str, subprocess.CompletedProcess[str]]
) -> None:
    id_, run = watched
    assert run.returncode == 0, run.stdout + run.stderr
    lines = run.stdout.splitlines()
    assert lines[-1].startswith(f"{id_} Succeeded: registered version ")
    assert {"EmpBonusTraining", "EmpBonusRegisterModel"} <= {line.split()[0] for line in lines}
    shown = json.loads(operate(deployed, "show", id_, "--json").stdout)
    bucket = data_bucket(deployed)
    (stored,) = deployed.client("s3").list_object_versions(Bucket=bucket, Prefix="raw/operations/")["Versions"]
    assert shown["parameters"]["DataVersion"] == stored["VersionId"]
    assert {step["name"]: step["instances"] for step in shown["steps"]}["EmpBonusTraining"]["type"] == "ml.m5.xlarge"


def test_list_has_the_metrics_of_what_the_execution_registered(
    deployed: LocalAws, watched: tuple[str, subprocess.CompletedProcess[str]]
) -> None:
    rows = json.loads(operate(deployed, "list", "--json").stdout)
    (row,) = (each for each in rows if each["execution"] and each["execution"]["arn"].endswith(watched[0]))
    assert row["execution"]["status"] == "Succeeded"
    assert row["version"]["status"] == "PendingManualApproval"
    assert row["assessment"]["metrics"]["rmse"]["value"] > 0


def test_log_is_found_where_sagemaker_would_write_it(
    deployed: LocalAws, watched: tuple[str, subprocess.CompletedProcess[str]]
) -> None:
    """The stand-in runs jobs, but writes no log groups: this writes the stream that SageMaker would have."""
    execution = next(
        each["PipelineExecutionArn"]
        for each in deployed.client("sagemaker").list_pipeline_executions(PipelineName=deployed.stage.pipeline_name)[
            "PipelineExecutionSummaries"
        ]
        if each["PipelineExecutionArn"].endswith(watched[0])
    )
    metadata = Execution(deployed, execution).steps()["EmpBonusTraining"]["Metadata"]
    stream = f"{metadata['TrainingJob']['Arn'].rpartition('/')[2]}/algo-1-1764158400"
    logs, group = deployed.client("logs"), "/aws/sagemaker/TrainingJobs"
    logs.create_log_group(logGroupName=group)
    try:
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        events = [{"timestamp": int(time.time() * 1000), "message": text} for text in ("one", "two")]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
        read = operate(deployed, "logs", "EmpBonusTraining", watched[0], "--lines", "1")
    finally:
        logs.delete_log_group(logGroupName=group)
    assert (read.returncode, read.stdout) == (0, "two\n"), read.stderr


def test_execution_is_stopped_and_retried(deployed: LocalAws) -> None:
    data = upload(deployed, SAMPLE, "operations-stop")
    id_ = (
        operate(deployed, "start", "--input", data, "--set", "DataVersion=operations").stdout.strip().rpartition("/")[2]
    )
    assert operate(deployed, "stop", id_).returncode == 0
    watching = operate(deployed, "watch", id_, "--every", "0.2")
    assert watching.returncode == 1
    assert f"{id_} Stopped" in watching.stdout
    assert operate(deployed, "retry", id_).returncode == 0
    assert operate(deployed, "stop", id_).returncode == 0
    assert operate(deployed, "watch", id_, "--every", "0.2").returncode == 1


def test_what_does_not_exist_is_one_line(deployed: LocalAws) -> None:
    for arguments in (["show", "abcdefghijkl"], ["watch", "abcdefghijkl"], ["list", "--scoring"]):
        run = operate(deployed, *arguments)
        assert (run.returncode, run.stdout) == (2, "")
        assert len(run.stderr.splitlines()) == 1
        assert "does not exist" in run.stderr
