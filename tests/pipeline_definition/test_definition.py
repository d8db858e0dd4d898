"""The definition: what it holds, and that nothing but the settings decides it."""

import json
import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from artefacts.definition.cache_keys import key_attributes
from artefacts.definition.checker import check_definition
from artefacts.definition.graph import all_steps
from artefacts.definition.images import find_images
from pipeline_definition.names import MONITOR_JOB, SCORE_JOB
from pipeline_definition.placeholders import (
    CODE,
    EXAMPLES,
    FIND_TRAFFIC_ARN,
    PUBLISH_QUALITY_ARN,
    SPARK_LIBRARIES,
    UnboundPlaceholderError,
    bind,
    variables,
)
from settings import LINEAR_LEARNER, STAGES, Processing, QualityGate, SettingsError
from tests.conftest import Golden
from tests.golden_files import Reviewed

ROOT = Path(__file__).parents[2]

# Prints the definition of a stage, in a process that can open no connection and look up no name.
OFFLINE = """
import socket, sys
def refuse(*_, **__):
    raise AssertionError("the build tried to reach the network")
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
from pipeline_definition.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def build_in_a_process(stage: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build in a process that has nothing of this one's environment."""
    return subprocess.run(
        [sys.executable, "-c", OFFLINE, stage],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def dev(definitions: dict[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(definitions["dev"])
    return document


def step(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in document["Steps"] if each["Name"] == name)
    return found


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("variant", ["", ".tuning"])
def test_definition_is_the_reviewed_one(definitions: dict[str, str], golden: Golden, stage: str, variant: str) -> None:
    golden.check(reviewed(definitions, stage, variant))


def reviewed(definitions: dict[str, str], stage: str, variant: str) -> Reviewed:
    """Return a definition, on the base of prod's; with a search on that of prod's with one, so that it shows once."""
    base = None
    if stage != "prod":
        base = reviewed(definitions, "prod", variant)
    elif variant:
        base = reviewed(definitions, "prod", "")
    return Reviewed(f"{stage}/definition{variant}.json", definitions[stage + variant] + "\n", base)


@pytest.mark.slow
def test_another_process_gives_the_same_bytes_without_network_or_aws_variables(
    definitions: dict[str, str], tmp_path: Path
) -> None:
    build = build_in_a_process("dev", tmp_path, PYTHONHASHSEED="0")  # here, the order of sets is another each time
    assert build.returncode == 0, build.stderr
    assert build.stdout == definitions["dev"] + "\n"
    assert build.stderr == ""


@pytest.mark.slow
def test_definition_is_independent_of_configuration_and_credentials(
    definitions: dict[str, str], tmp_path: Path
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "SchemaVersion: '1.0'\nSageMaker:\n  TrainingJob:\n    EnableInterContainerTrafficEncryption: true\n"
    )
    build = build_in_a_process(
        "dev",
        tmp_path,
        SAGEMAKER_USER_CONFIG_OVERRIDE=str(config),
        AWS_PROFILE="nobody",
        AWS_DEFAULT_REGION="us-west-2",
        AWS_ENDPOINT_URL="http://127.0.0.1:1",
    )
    assert build.stdout == definitions["dev"] + "\n", build.stderr


def test_building_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline_definition import build_definition

    monkeypatch.setenv("AWS_PROFILE", "mine")
    before = dict(os.environ)
    build_definition(STAGES["dev"])
    assert dict(os.environ) == before


def test_limit_of_the_quality_gate_must_be_finite() -> None:
    from pipeline_definition import build_definition

    with pytest.raises(ValueError, match="not JSON compliant"):
        build_definition(replace(STAGES["dev"], quality_gate=QualityGate(defaults={"MaximumRmse": math.nan})))


def test_limit_that_is_off_is_nowhere_in_the_definition_until_a_stage_turns_it_on(definitions: dict[str, str]) -> None:
    from pipeline_definition import build_definition

    assert "MaximumGroupDifference" not in definitions["dev"]
    gate = QualityGate(defaults={"MaximumGroupDifference": 300})  # a limit may be whole
    definition = json.loads(build_definition(replace(STAGES["dev"], quality_gate=gate)))
    assert {"Name": "MaximumGroupDifference", "Type": "Float", "DefaultValue": 300.0} in definition["Parameters"]
    condition = step(definition, "EmpBonusQualityGate")["Arguments"]["Conditions"][-1]
    assert condition["Type"] == "LessThanOrEqualTo"
    assert condition["LeftValue"]["Std:JsonGet"]["Path"] == "fairness.largest_difference.value"
    assert condition["RightValue"] == {"Get": "Parameters.MaximumGroupDifference"}
    words = step(definition, "EmpBonusEvaluation")["Arguments"]["AppSpecification"]["ContainerArguments"]
    assert words[words.index("MaximumGroupDifference") + 1] == "fairness.largest_difference.value"
    assert {"MaximumGroupDifference", "LargestDifference"} <= set(
        registration(definition)["CustomerMetadataProperties"]
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"region": "mx-central-1"},
            "region is 'mx-central-1', for which the SDK knows no image of sklearn: choose another, such as"
            " 'eu-west-1'",
        ),
        (
            {"processing": Processing(image_version="9.9-9")},
            "processing.image_version is '9.9-9', for which the SDK knows no image of sklearn: choose another, such as"
            " '1.9-0'",
        ),
    ],
)
def test_image_that_aws_does_not_publish_is_refused_by_the_name_of_its_option(
    changes: dict[str, Any], told: str
) -> None:
    from pipeline_definition import build_definition

    with pytest.raises(SettingsError) as refusal:
        build_definition(replace(STAGES["dev"], **changes))
    assert str(refusal.value) == told


@pytest.mark.parametrize("arguments", [[], ["test"], ["dev", "prod"], ["dev", "scoring", "x"]])
def test_wrong_command_line_is_refused_in_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline_definition.__main__ import main

    assert main(arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_steps_are_those_of_the_mission_in_its_order(dev: dict[str, Any]) -> None:
    assert [(each.name, each.type, each.branch) for each in all_steps(dev["Steps"])] == [
        ("EmpBonusFindChampion", "Lambda", ""),
        ("EmpBonusDataQuality", "Processing", ""),
        ("EmpBonusPreProcessing", "Processing", ""),
        ("EmpBonusDataSplit", "Processing", ""),
        ("EmpBonusTraining", "Training", ""),
        ("EmpBonusEvaluation", "Processing", ""),
        ("EmpBonusQualityGate", "Condition", ""),
        ("EmpBonusRegisterModel", "RegisterModel", "EmpBonusQualityGate.IfSteps"),
        ("EmpBonusRejected", "Fail", "EmpBonusQualityGate.ElseSteps"),
    ]


def test_no_data_is_prepared_before_its_quality_is_known(dev: dict[str, Any]) -> None:
    steps = {each.name: each for each in all_steps(dev["Steps"])}
    assert steps["EmpBonusDataQuality"].needs == {"EmpBonusFindChampion"}
    assert steps["EmpBonusPreProcessing"].needs == {"EmpBonusDataQuality"}


def test_report_of_refused_data_is_uploaded_while_the_job_runs(dev: dict[str, Any]) -> None:
    (output,) = step(dev, "EmpBonusDataQuality")["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    assert output["S3Output"]["S3UploadMode"] == "Continuous"


def test_list_of_rejected_rows_is_uploaded_while_the_job_runs_and_unfinished_data_is_not(
    dev: dict[str, Any],
) -> None:
    outputs = step(dev, "EmpBonusPreProcessing")["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    assert {each["OutputName"]: each["S3Output"]["S3UploadMode"] for each in outputs} == {
        **dict.fromkeys(("cleaned", "transformed", "feature-model"), "EndOfJob"),
        "rejected": "Continuous",
    }


def test_parameters_and_their_defaults_are_those_of_the_mission(dev: dict[str, Any]) -> None:
    assert {each["Name"]: each.get("DefaultValue") for each in dev["Parameters"]} == {
        "InputData": "s3://${DataBucket}/raw/",
        "DataVersion": None,
        "ProcessingInstanceCount": 1,
        "ProcessingInstanceType": "ml.m5.xlarge",
        "TrainingInstanceCount": 1,
        "TrainingInstanceType": "ml.m5.xlarge",
        **{limit.name: limit.default for limit in LIMITS},
        "ModelApprovalStatus": "PendingManualApproval",
    }


@pytest.mark.parametrize(("variant", "name"), [("dev", "EmpBonusTraining"), ("dev.tuning", "EmpBonusTuning")])
def test_each_instance_that_trains_gets_its_share_of_the_training_files(
    definitions: dict[str, str], variant: str, name: str
) -> None:
    definition = json.loads(definitions[variant])
    count = {"Get": "Parameters.TrainingInstanceCount"}
    arguments = step(definition, name)["Arguments"]
    job = arguments.get("TrainingJobDefinition", arguments)
    assert job["ResourceConfig"]["InstanceCount"] == count
    sources = {each["ChannelName"]: each["DataSource"]["S3DataSource"] for each in job["InputDataConfig"]}
    assert {channel: source["S3DataDistributionType"] for channel, source in sources.items()} == {
        "train": "ShardedByS3Key",
        "validation": "FullyReplicated",
        "test": "FullyReplicated",
    }
    words = step(definition, "EmpBonusDataSplit")["Arguments"]["AppSpecification"]["ContainerArguments"]
    assert words[words.index("--train-files") + 1] == {"Std:Join": {"On": "", "Values": [count]}}


@pytest.mark.parametrize(
    "name",
    ["EmpBonusDataQuality", "EmpBonusPreProcessing", "EmpBonusDataSplit", "EmpBonusTraining", "EmpBonusEvaluation"],
)
def test_every_job_is_cached_retried_and_limited(dev: dict[str, Any], name: str) -> None:
    job = step(dev, name)
    assert job["CacheConfig"] == {"Enabled": True, "ExpireAfter": "P30D"}
    retried = {error for policy in job["RetryPolicies"] for error in policy["ExceptionType"]}
    assert retried >= {"Step.THROTTLING", "SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR"}
    assert job["Arguments"]["StoppingCondition"]["MaxRuntimeInSeconds"] == 3_600


def last_retry_min(policy: dict[str, Any]) -> float:
    """Return how many minutes after its first failure, at the latest, a step is tried for the last time.

    Source: "Retry policy for pipeline steps" in the developer guide. Retries cease when the error recurs more often
    than MaxAttempts, or after ExpireAfterMin: an interval that has begun before is waited for.
    """
    retries, elapsed_s = 0, 0.0
    while retries < policy.get("MaxAttempts", math.inf) and elapsed_s <= 60 * policy.get("ExpireAfterMin", math.inf):
        elapsed_s += policy["IntervalSeconds"] * policy["BackoffRate"] ** retries
        retries += 1
    return elapsed_s / 60


@pytest.mark.parametrize("variant", ["dev", "prod", "dev.tuning", "prod.tuning"])
def test_quota_errors_are_retried_for_half_an_hour_and_capacity_errors_longer(
    definitions: dict[str, str], variant: str
) -> None:
    policies = [
        {error: policy for policy in each["RetryPolicies"] for error in policy["ExceptionType"]}
        for each in json.loads(definitions[variant])["Steps"]
        if each["Type"] in ("Processing", "Training", "Tuning")
    ]
    assert len(policies) == 5
    for each in policies:
        assert 15 < last_retry_min(each["SageMaker.RESOURCE_LIMIT"]) < 25, "the attempts themselves take time, too"
        assert last_retry_min(each["SageMaker.CAPACITY_ERROR"]) == 254


def test_jobs_process_but_do_not_train_on_what_a_new_account_has_a_quota_of(dev: dict[str, Any]) -> None:
    allowed = {each["Name"]: each.get("EnumValues", []) for each in dev["Parameters"]}
    small = {"ml.t3.medium", "ml.t3.large", "ml.t3.xlarge"}
    assert small <= set(allowed["ProcessingInstanceType"])
    assert not small & set(allowed["TrainingInstanceType"])


def test_jobs_carry_the_stages_prefix(definitions: dict[str, str]) -> None:
    for stage, prefix in (("dev", "emp-bonus-dev-"), ("prod", "emp-bonus-prod-")):
        document = json.loads(definitions[stage])
        names = [
            each["Arguments"].get("ProcessingJobName") or each["Arguments"].get("TrainingJobName")
            for each in document["Steps"][1:-1]
        ]
        assert names == [f"{prefix}{job}" for job in ("data-quality", "preprocess", "split", "train", "evaluate")]


def test_each_processing_step_runs_its_own_archive_in_the_patched_image(dev: dict[str, Any]) -> None:
    for name, code in (
        ("EmpBonusDataQuality", "${DataQualityCode}"),
        ("EmpBonusPreProcessing", "${PreprocessCode}"),
        ("EmpBonusDataSplit", "${SplitCode}"),
        ("EmpBonusEvaluation", "${EvaluateCode}"),
    ):
        arguments = step(dev, name)["Arguments"]
        assert arguments["AppSpecification"]["ImageUri"].endswith("/sagemaker-scikit-learn:1.9-0-cpu-py3")
        assert arguments["AppSpecification"]["ContainerEntrypoint"][-1].endswith(f"/code/{code}")
        (source,) = (each for each in arguments["ProcessingInputs"] if each["InputName"] == "code")
        assert source["S3Input"]["S3Uri"] == f"s3://${{CodeBucket}}/{code}"


def test_linear_learner_trains_a_regressor_on_three_csv_channels(dev: dict[str, Any]) -> None:
    arguments = step(dev, "EmpBonusTraining")["Arguments"]
    assert arguments["AlgorithmSpecification"]["TrainingImage"].endswith("/linear-learner:1")
    assert arguments["HyperParameters"] == {"mini_batch_size": "32", **LINEAR_LEARNER}
    channels = {each["ChannelName"]: each for each in arguments["InputDataConfig"]}
    assert list(channels) == ["train", "validation", "test"]
    assert {each["ContentType"] for each in channels.values()} == {"text/csv"}


def test_model_is_registered_for_approval_with_all_it_takes_to_use_it(dev: dict[str, Any]) -> None:
    arguments = registration(dev)
    specification = arguments["InferenceSpecification"]
    assert specification["SupportedContentTypes"] == ["text/csv"]
    assert specification["SupportedResponseMIMETypes"] == ["application/json", "application/jsonlines"]
    assert specification["SupportedRealtimeInferenceInstanceTypes"] == ["ml.t2.medium", "ml.m5.xlarge"]
    assert specification["SupportedTransformInstanceTypes"] == ["ml.m5.xlarge"]
    assert arguments["CustomerMetadataProperties"]["ModelType"] == "EmpBonusPrediction"
    assert "['feature-model']" in arguments["CustomerMetadataProperties"]["FeatureModel"]["Get"]
    assert arguments["MetadataProperties"] == {"GeneratedBy": {"Get": "Execution.PipelineExecutionArn"}}
    assert arguments["ModelApprovalStatus"] == {"Get": "Parameters.ModelApprovalStatus"}


def test_version_says_how_raw_records_are_served_beside_linear_learner(dev: dict[str, Any]) -> None:
    arguments = registration(dev)
    (other,) = arguments["AdditionalInferenceSpecifications"]
    (container,) = other["Containers"]
    assert other["Name"] == "raw-records"
    assert "/sagemaker-scikit-learn:" in container["Image"]
    assert "/linear-learner:" in arguments["InferenceSpecification"]["Containers"][0]["Image"]
    folder, name = container["ModelDataUrl"]["Std:Join"]["Values"]
    assert (folder["Get"].partition(".Outputs")[2], name) == ("['serving'].S3Output.S3Uri", "model.tar.gz")
    assert arguments["SamplePayloadUrl"]["Std:Join"]["Values"] == [folder, "sample_payload.tar.gz"]
    assert (arguments["Domain"], arguments["Task"]) == ("MACHINE_LEARNING", "REGRESSION")


def registration(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = step(document, "EmpBonusQualityGate")["Arguments"]["IfSteps"]
    arguments: dict[str, Any] = found["Arguments"]
    return arguments


def test_package_records_metrics_data_and_code_of_the_model(dev: dict[str, Any]) -> None:
    arguments = registration(dev)
    quality = arguments["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]["Std:Join"]["Values"]
    assert "EmpBonusEvaluation" in quality[0]["Get"]
    assert quality[1] == "evaluation.json"
    data = arguments["ModelMetrics"]["ModelDataQuality"]["Statistics"]
    assert data["S3Uri"]["Std:Join"]["Values"][1] == "data_quality.json"
    assert arguments["DriftCheckBaselines"] == {"ModelDataQuality": {"Statistics": data}}
    metadata = arguments["CustomerMetadataProperties"]
    assert {"DataVersion", *CODE_VERSIONS, "R2", "Rmse", "Improvement"} <= set(metadata)
    assert {limit.name for limit in LIMITS} <= set(metadata)
    assert {limit.figure_name for limit in LIMITS} <= set(metadata)


CODE_VERSIONS = ("DataQualityCode", "PreprocessCode", "SplitCode", "EvaluateCode")
LIMITS = QualityGate().limits
CONDITIONS = {"at_least": "GreaterThanOrEqualTo", "at_most": "LessThanOrEqualTo"}


def test_gate_compares_the_evaluations_figures_with_the_parameters(dev: dict[str, Any]) -> None:
    conditions = step(dev, "EmpBonusQualityGate")["Arguments"]["Conditions"]
    found = [(each["LeftValue"]["Std:JsonGet"]["Path"], each["Type"], each["RightValue"]["Get"]) for each in conditions]
    assert found[:2] == [
        ("regression_metrics.r2.value", "GreaterThanOrEqualTo", "Parameters.MinimumR2"),
        ("regression_metrics.rmse.value", "LessThanOrEqualTo", "Parameters.MaximumRmse"),
    ]
    assert found == [(each.figure, CONDITIONS[each.comparison], f"Parameters.{each.name}") for each in LIMITS]


def test_evaluation_with_another_limit_is_no_cache_hit(dev: dict[str, Any]) -> None:
    key = key_attributes("Processing", step(dev, "EmpBonusEvaluation")["Arguments"])
    words = key["AppSpecification"]["ContainerArguments"]
    starts = [index for index, word in enumerate(words) if word == "--limit"]
    assert [words[start + 1 : start + 6] for start in starts] == [
        [each.name, each.figure, each.comparison, each.unit, joined(f"Parameters.{each.name}")] for each in LIMITS
    ]


def joined(reference: str) -> dict[str, Any]:
    return {"Std:Join": {"On": "", "Values": [{"Get": reference}]}}


@pytest.fixture(scope="module")
def searching(definitions: dict[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(definitions["dev.tuning"])
    return document


def test_search_replaces_the_training_step(dev: dict[str, Any], searching: dict[str, Any]) -> None:
    def without_training(document: dict[str, Any]) -> list[str]:
        return [
            each["Name"] for each in document["Steps"] if each["Name"] not in ("EmpBonusTraining", "EmpBonusTuning")
        ]

    assert without_training(dev) == without_training(searching)
    arguments = step(searching, "EmpBonusTuning")["Arguments"]
    config = arguments["HyperParameterTuningJobConfig"]
    assert config["HyperParameterTuningJobObjective"] == {"Type": "Minimize", "MetricName": "validation:objective_loss"}
    tried = [each["Name"] for ranges in config["ParameterRanges"].values() for each in ranges]
    assert sorted(tried) == ["l1", "learning_rate", "mini_batch_size", "wd"]
    assert not set(tried) & set(arguments["TrainingJobDefinition"]["StaticHyperParameters"])
    assert arguments["TrainingJobDefinition"]["RetryStrategy"] == {"MaximumRetryAttempts": 3}


@pytest.fixture(scope="module")
def on_spark() -> str:
    """The definition of prod with a Spark cluster that prepares the data."""
    from pipeline_definition import build_definition

    return build_definition(replace(STAGES["prod"], processing=Processing(engine="spark", instance_count=3)))


def test_definition_on_spark_is_the_reviewed_one(definitions: dict[str, str], golden: Golden, on_spark: str) -> None:
    base = reviewed(definitions, "prod", "")
    golden.check(Reviewed("prod/definition.spark.json", on_spark + "\n", base))


def test_spark_changes_nothing_but_what_runs_the_steps_that_prepare_the_data(
    definitions: dict[str, str], on_spark: str
) -> None:
    document, plain = json.loads(on_spark), json.loads(definitions["prod"])
    for name in ("EmpBonusDataQuality", "EmpBonusPreProcessing", "EmpBonusDataSplit"):
        arguments, expected = step(document, name)["Arguments"], step(plain, name)["Arguments"]
        image = arguments["AppSpecification"]["ImageUri"]
        assert image.endswith(".dkr.ecr.eu-west-1.amazonaws.com/sagemaker-spark-processing:3.5-cpu-py312-v1.3")
        libraries = next(each for each in arguments["ProcessingInputs"] if each["InputName"] == "libraries")
        assert libraries["S3Input"]["S3Uri"] == "s3://${CodeBucket}/${SparkLibraries}"
        cluster = arguments["ProcessingResources"]["ClusterConfig"]
        assert cluster["InstanceCount"] == {"Get": "Parameters.ProcessingInstanceCount"}
        # Put back, it is what it was.
        arguments["ProcessingInputs"].remove(libraries)
        arguments["AppSpecification"]["ImageUri"] = expected["AppSpecification"]["ImageUri"]
        cluster["InstanceCount"] = expected["ProcessingResources"]["ClusterConfig"]["InstanceCount"]
    parameters = {each["Name"]: each for each in document["Parameters"]}
    assert parameters["ProcessingInstanceCount"]["DefaultValue"] == 3
    assert "ml.t3.medium" not in parameters["ProcessingInstanceType"]["EnumValues"], "too small for Spark"
    assert document["Steps"] == plain["Steps"]


def test_definition_on_spark_has_no_problem(on_spark: str) -> None:
    check_definition(bind(on_spark, EXAMPLES), pipeline_name=STAGES["prod"].pipeline_name)


def test_image_of_spark_is_pinned_by_its_digest() -> None:
    from pipeline_definition import build_definition

    digest = f"sha256:{'5' * 64}"
    processing = Processing(engine="spark", spark_image_digest=digest)
    images = find_images(json.loads(build_definition(replace(STAGES["prod"], processing=processing)))["Steps"])
    assert [image.partition("/")[2] for image in images if digest in image] == [f"sagemaker-spark-processing@{digest}"]


def test_best_model_of_a_search_is_found_from_what_the_search_says(searching: dict[str, Any]) -> None:
    url = registration(searching)["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    assert url["Std:Join"]["Values"] == [
        {"Get": "Steps.EmpBonusTuning.TrainingJobDefinition.OutputDataConfig.S3OutputPath"},
        {"Get": "Steps.EmpBonusTuning.BestTrainingJob.TrainingJobName"},
        "output/model.tar.gz",
    ]


def test_search_asks_for_as_many_rows_as_its_largest_batch(dev: dict[str, Any], searching: dict[str, Any]) -> None:
    for document, rows in ((dev, "32"), (searching, "512")):
        words = step(document, "EmpBonusPreProcessing")["Arguments"]["AppSpecification"]["ContainerArguments"]
        assert words[words.index("--minimum-training-rows") + 1] == rows


def test_nothing_is_left_to_a_default_of_the_sdk(definitions: dict[str, str]) -> None:
    for definition in definitions.values():
        assert "no-default-bucket" not in definition
        assert "null" not in definition
        assert set(re.findall("SAGEMAKER_[A-Z_]+", definition)) == {"SAGEMAKER_SERVING_MODULE"}


ELSEWHERE = (CODE[SCORE_JOB], CODE[MONITOR_JOB], FIND_TRAFFIC_ARN, PUBLISH_QUALITY_ARN)
"""Placeholders of the other pipelines, and of a stage that is watched."""


def test_example_values_bind_every_placeholder(definitions: dict[str, str]) -> None:
    for definition in definitions.values():
        assert variables(definition) == set(EXAMPLES) - {*ELSEWHERE, SPARK_LIBRARIES}
        assert "${" not in bind(definition, EXAMPLES)


def test_placeholder_without_a_value_is_named() -> None:
    with pytest.raises(UnboundPlaceholderError, match=r"\$\{Nowhere\} has no value"):
        bind("s3://${Nowhere}/raw/", EXAMPLES)
