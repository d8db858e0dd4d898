"""The pipeline runs on Spark, from what is deployed on, and comes to what it comes to on one machine."""

import dataclasses
import json
from pathlib import Path

import pytest

from local_aws.server_control import ACCOUNT
from local_runner.spark.environment import ENVIRONMENT, JAVA, find_java
from settings import Processing, find_stage
from tests.end_to_end.assemblies import with_settings
from tests.end_to_end.commands import ROOT, Runner, cdk
from tests.end_to_end.local_aws import executions
from tests.end_to_end.local_aws.aws import running, succeeded
from tests.end_to_end.local_aws.executions import start, upload

SAMPLE = ROOT / "data/mock_data.csv"
READ = {
    "EmpBonusDataQuality": ["data-quality"],
    "EmpBonusPreProcessing": ["feature-model", "rejected"],
    "EmpBonusDataSplit": ["train", "validation", "test", "readable-test"],
    "EmpBonusEvaluation": ["evaluation"],
}
"""Step -> outputs that are the same on both engines, but for how many files they are in."""

pytestmark = pytest.mark.skipif(
    not (ENVIRONMENT / ".ready").is_file() or find_java() != JAVA, reason="make test-spark has what it takes"
)


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make synth ENGINE=spark` writes."""
    output = tmp_path_factory.mktemp("spark") / "assembly"
    succeeded(cdk("synth", "--quiet", "--context", "stage=dev", "--context", "engine=spark", "--output", output))
    return output


def test_pipeline_on_spark_makes_the_model_that_one_machine_makes(assembly: Path, tmp_path: Path) -> None:
    plain = Runner(with_settings(find_stage("dev"), tmp_path / "assembly"), tmp_path / "plain")
    # Of two instances the first does all the work here, and the other must do no harm.
    on_spark = Runner(assembly, tmp_path / "on-spark")
    for runner, options in ((plain, ()), (on_spark, ("--set", "ProcessingInstanceCount=2"))):
        run = runner.run(SAMPLE, *options)
        assert run.returncode == 0, run.stdout + run.stderr
    for step, outputs in READ.items():
        for output in outputs:
            assert on_spark.lines(step, output) == plain.lines(step, output), (step, output)
    report = (on_spark.workspace / "executions/latest/report.html").read_text(encoding="utf-8")
    assert report.count("On Spark.") == 3


def test_refused_data_is_told_in_the_jobs_own_words(assembly: Path, tmp_path: Path) -> None:
    data = tmp_path / "employees.csv"
    data.write_text(SAMPLE.read_text(encoding="utf-8").replace(",Sales,", ",,"), encoding="utf-8")
    runner = Runner(assembly, tmp_path / "workspace")
    assert runner.run(data).returncode == 1
    reason = runner.steps()["EmpBonusDataQuality"]["FailureReason"]
    assert reason.startswith("AlgorithmError: data contract violated: ")
    assert reason.endswith(", exit code: 3")


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_deployed_pipeline_runs_on_spark_with_the_deployed_roles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executions, "DEADLINE_S", 600.0)
    with running(tmp_path, find_stage("dev")) as aws:
        stage = dataclasses.replace(aws.stage, processing=Processing(engine="spark", instance_count=2))
        aws.set_up(with_settings(stage, tmp_path / "assembly", ACCOUNT))
        execution = start(aws, InputData=upload(aws, SAMPLE, "spark"), DataVersion="spark")
        assert execution.wait() == "Succeeded", execution.failures()
        decisions = [json.loads(line) for line in (aws.folder / "decisions.jsonl").read_text().splitlines()]
        assert [each for each in decisions if not each["Allowed"]] == []
