"""The pipeline that was deployed runs, with the roles that were deployed, and registers what a person approves."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.end_to_end.assemblies import with_other_code
from tests.end_to_end.commands import ROOT, write_employees
from tests.end_to_end.local_aws.aws import LocalAws, succeeded
from tests.end_to_end.local_aws.executions import Execution, archives, start, upload

SAMPLE = ROOT / "data" / "mock_data.csv"


@pytest.fixture(scope="module")
def first(deployed: LocalAws) -> Execution:
    """An execution that has succeeded, on data of its own."""
    execution = start(deployed, InputData=upload(deployed, SAMPLE, "first"), DataVersion="first")
    assert execution.wait() == "Succeeded", execution.failures()
    return execution


def test_model_is_trained_on_what_was_uploaded_and_waits_for_approval(deployed: LocalAws, first: Execution) -> None:
    assert first.parameters()["DataVersion"] == "first"
    assert first.definition() == deployed.definition()
    assert {step["StepStatus"] for step in first.steps().values()} == {"Succeeded"}
    package = deployed.client("sagemaker").describe_model_package(ModelPackageName=first.registered())
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert package["MetadataProperties"]["GeneratedBy"] == first.arn
    model = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    bucket, _, key = model.removeprefix("s3://").partition("/")
    assert first.id in key
    kept = deployed.client("s3").head_object(Bucket=bucket, Key=key)
    assert kept["ServerSideEncryption"] == "aws:kms"


def test_person_approves_a_version(deployed: LocalAws, first: Execution) -> None:
    sagemaker, version = deployed.client("sagemaker"), first.registered()
    for status in ("Approved", "Rejected"):  # and no champion is left behind
        sagemaker.update_model_package(ModelPackageArn=version, ModelApprovalStatus=status)
        assert sagemaker.describe_model_package(ModelPackageName=version)["ModelApprovalStatus"] == status


def test_report_of_an_execution_is_made_from_what_the_account_has(first: Execution, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "operations", "report", first.arn, "--out", str(tmp_path / "report.html")]
    environment = {**os.environ, **first.aws.environment}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert first.id in page
    assert {step for step in first.steps() if step not in page} == set()
    rmse = first.read("models/*/evaluation/evaluation.json")["regression_metrics"]["rmse"]["value"]
    assert f"{rmse:,.0f}" in page


def test_same_data_is_not_worked_through_twice(deployed: LocalAws, first: Execution) -> None:
    parameters = first.parameters()
    again = start(deployed, InputData=parameters["InputData"], DataVersion=parameters["DataVersion"])
    assert again.wait() == "Succeeded", again.failures()
    reused = {
        name: step["CacheHitResult"]["SourcePipelineExecutionArn"]
        for name, step in again.steps().items()
        if "CacheHitResult" in step
    }
    jobs = {"DataQuality", "PreProcessing", "DataSplit", "Training", "Evaluation"}
    assert reused == dict.fromkeys((f"EmpBonus{job}" for job in jobs), first.arn)
    assert again.registered() != first.registered()


def test_two_executions_at_once_do_not_disturb_each_other(deployed: LocalAws, tmp_path: Path) -> None:
    sizes = {"few": 1200, "many": 1700}
    started = {
        name: start(
            deployed,
            InputData=upload(deployed, write_employees(tmp_path / f"{name}.csv", rows), name),
            DataVersion=name,
        )
        for name, rows in sizes.items()
    }
    assert {execution.describe()["PipelineExecutionStatus"] for execution in started.values()} == {"Executing"}
    for execution in started.values():
        assert execution.wait() == "Succeeded", execution.failures()
    seen = {name: execution.read("models/*/data-quality/data_quality.json") for name, execution in started.items()}
    assert {name: document["rows"] + document["malformed_records"] for name, document in seen.items()} == sizes
    packages = {
        name: deployed.client("sagemaker").describe_model_package(ModelPackageName=execution.registered())
        for name, execution in started.items()
    }
    assert {name: each["CustomerMetadataProperties"]["DataVersion"] for name, each in packages.items()} == {
        name: name for name in sizes
    }


STEADY = "    if not read_instance(options.resource_config).leads:\n"
CHANGED = f'    raise JobError("this is the new code")\n{STEADY}'


def test_execution_ends_with_the_definition_and_the_code_it_was_started_with(
    deployed: LocalAws, assembly: Path, tmp_path: Path
) -> None:
    before = deployed.definition()
    changed = with_other_code(assembly, tmp_path / "changed", "evaluate", lambda text: text.replace(STEADY, CHANGED))
    stack = deployed.stage.pipeline_stack
    prepared = ("--app", changed, "--require-approval", "never", "--no-execute", "--change-set-name", "changed")
    succeeded(deployed.cdk("deploy", stack, *prepared))

    # The changed step is the last that has code of ours: those before it take longer than the update.
    data = upload(deployed, write_employees(tmp_path / "employees.csv", 4_000, seed=3), "during-an-update")
    running = start(deployed, InputData=data, DataVersion="during an update")
    deployed.client("cloudformation").execute_change_set(StackName=stack, ChangeSetName="changed")
    while deployed.definition() == before or deployed.status(stack) != "UPDATE_COMPLETE":
        assert "ROLLBACK" not in deployed.status(stack)
        time.sleep(0.02)
    assert running.describe()["PipelineExecutionStatus"] == "Executing", "it ended before the update did"
    assert "EmpBonusEvaluation" not in running.steps(), "the changed step began before the update ended"

    assert running.wait() == "Succeeded", running.failures()
    assert running.definition() == before
    assert archives(deployed.definition()) != archives(before)
    after = start(deployed, InputData=data, DataVersion="during an update")  # all but the changed step is reused
    assert after.wait() == "Failed"
    assert "this is the new code" in after.failures()["EmpBonusEvaluation"]
    succeeded(deployed.deploy(assembly, stack))
    assert deployed.definition() == before
