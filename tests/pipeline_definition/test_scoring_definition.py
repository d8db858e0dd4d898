"""The definition of the pipeline that scores, as the service takes it and as its job does."""

import json
from typing import Any

import pytest

from artefacts.definition.checker import OBJECT_CREATED, check_definition, check_start
from pipeline_definition import names
from pipeline_definition.placeholders import EXAMPLES, bind, variables
from settings import STAGES, ScoringStart
from tests.conftest import Golden
from tests.golden_files import Reviewed

Definitions = dict[str, str]


@pytest.fixture(scope="module")
def job(scoring_definitions: Definitions) -> dict[str, Any]:
    """The step that scores, in dev."""
    _, found = json.loads(scoring_definitions["dev"])["Steps"]
    return dict(found)


@pytest.mark.parametrize("stage", STAGES)
def test_scoring_definition_is_the_reviewed_one(scoring_definitions: Definitions, golden: Golden, stage: str) -> None:
    golden.check(reviewed(scoring_definitions, stage))


def reviewed(definitions: Definitions, stage: str) -> Reviewed:
    base = None if stage == "prod" else reviewed(definitions, "prod")
    return Reviewed(f"{stage}/definition.scoring.json", definitions[stage] + "\n", base)


@pytest.mark.parametrize("stage", STAGES)
def test_service_takes_the_scoring_definition_and_the_start_by_a_new_object(
    scoring_definitions: Definitions, stage: str
) -> None:
    example = bind(scoring_definitions[stage], EXAMPLES)
    check_definition(example, pipeline_name=STAGES[stage].scoring_pipeline_name)
    given = {**ScoringStart().parameters, names.INPUT_DATA: "s3://bucket/"}
    check_start(example, given, option="scoring.new_data_start.parameters", event=OBJECT_CREATED)


def test_scoring_asks_for_the_champion_alone_and_keeps_no_training_code(scoring_definitions: Definitions) -> None:
    used = variables(scoring_definitions["dev"])
    assert {each for each in used if each.endswith("Code}")} == {"${ScoreCode}"}
    assert [each["Name"] for each in json.loads(scoring_definitions["dev"])["Steps"]] == [
        names.FIND_CHAMPION_STEP,
        names.SCORING_STEP,
    ]


def test_object_of_an_event_is_joined_with_its_bucket(job: dict[str, Any]) -> None:
    uri = next(each for each in job["Arguments"]["ProcessingInputs"] if each["InputName"] == "raw")["S3Input"]["S3Uri"]
    assert uri == {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.InputData"}, {"Get": "Parameters.InputFile"}]}}


def test_scoring_is_never_answered_with_the_files_of_another_execution(job: dict[str, Any]) -> None:
    assert "CacheConfig" not in job
    outputs = {each["OutputName"]: each["S3Output"] for each in job["Arguments"]["ProcessingOutputConfig"]["Outputs"]}
    for name, output in outputs.items():
        assert output["S3Uri"]["Std:Join"]["Values"] == [
            "s3://${DataBucket}/predictions",
            {"Get": "Execution.PipelineExecutionId"},
            name,
        ]
    assert outputs["rejected"]["S3UploadMode"] == "Continuous"
