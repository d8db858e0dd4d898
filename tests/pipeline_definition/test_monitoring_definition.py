"""What a stage that is watched has more: a pipeline of its own, a watch after each scoring, and published figures."""

import dataclasses
import json
from typing import Any

import pytest

from artefacts.definition.checker import SCHEDULED_EVENT, check_definition, check_start
from artefacts.definition.graph import all_steps
from pipeline_definition import build_definition, build_monitoring_definition, build_scoring_definition, names
from pipeline_definition.placeholders import EXAMPLES, bind, variables
from settings import STAGES, Monitoring
from synthesis.build import read_schemas
from tests.conftest import Golden
from tests.golden_files import Reviewed

DEV = STAGES["dev"]
OPTIONS = Monitoring(window_hours=12, minimum_records=500, limit_share=0.25, retrain=True)
WATCHED = dataclasses.replace(DEV, monitoring=OPTIONS)


@pytest.fixture(scope="module")
def watched_training() -> str:
    return build_definition(WATCHED)


@pytest.fixture(scope="module")
def watched_scoring() -> str:
    return build_scoring_definition(WATCHED)


@pytest.fixture(scope="module")
def watched_traffic() -> str:
    return build_monitoring_definition(WATCHED)


def job(definition: str, name: str) -> dict[str, Any]:
    (found,) = (each for each in json.loads(definition)["Steps"] if each["Name"] == name)
    return dict(found)


def given(step: dict[str, Any], option: str) -> Any:
    words = step["Arguments"]["AppSpecification"]["ContainerArguments"]
    return words[words.index(option) + 1]


def test_monitoring_definition_is_the_reviewed_one(monitoring_definition: str, golden: Golden) -> None:
    golden.check(Reviewed("dev/definition.monitoring.json", monitoring_definition + "\n"))


def test_service_takes_the_monitoring_definition_and_the_start_by_its_schedule(monitoring_definition: str) -> None:
    example = bind(monitoring_definition, EXAMPLES)
    check_definition(example, pipeline_name=DEV.monitoring_pipeline_name, schemas=read_schemas())
    option = "monitoring.schedule.parameters"
    check_start(example, Monitoring().schedule.parameters, option=option, event=SCHEDULED_EVENT)


def test_service_takes_what_a_watched_stage_adds_to_its_other_pipelines(
    watched_scoring: str, watched_training: str
) -> None:
    made = {DEV.scoring_pipeline_name: watched_scoring, DEV.pipeline_name: watched_training}
    for name, definition in made.items():
        check_definition(bind(definition, EXAMPLES), pipeline_name=name, schemas=read_schemas())


def test_monitoring_registers_nothing_and_brings_one_job(monitoring_definition: str) -> None:
    document = json.loads(monitoring_definition)
    assert [(step.name, step.type) for step in all_steps(document["Steps"])] == [
        (names.FIND_CHAMPION_STEP, "Lambda"),
        (names.FIND_TRAFFIC_STEP, "Lambda"),
        (names.MONITORING_STEP, "Processing"),
        (names.DRIFT_CHECK_STEP, "Condition"),
        (names.DRIFTED_STEP, "Fail"),
    ]
    assert {each for each in variables(monitoring_definition) if each.endswith("Code}")} == {"${MonitorCode}"}


def test_input_is_by_default_what_the_stages_endpoint_has_captured(monitoring_definition: str) -> None:
    parameters = {each["Name"]: each for each in json.loads(monitoring_definition)["Parameters"]}
    assert parameters["InputData"]["DefaultValue"] == "s3://${DataBucket}/capture/emp-bonus-dev/AllTraffic/"
    assert "DefaultValue" not in parameters["WindowEnd"], "a forgotten one would judge a window of long ago"


@pytest.mark.parametrize("definition", ["monitoring_definition", "watched_scoring"])
def test_verdict_is_never_that_of_another_execution(request: pytest.FixtureRequest, definition: str) -> None:
    step = job(request.getfixturevalue(definition), names.MONITORING_STEP)
    assert "CacheConfig" not in step
    (output,) = step["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    folder = ["s3://${DataBucket}/monitoring", {"Get": "Execution.PipelineExecutionId"}]
    assert output["S3Output"]["S3Uri"] == {"Std:Join": {"On": "/", "Values": folder}}
    assert output["S3Output"]["S3UploadMode"] == "Continuous"


def test_settings_of_the_watch_reach_both_of_its_jobs(watched_traffic: str, watched_scoring: str) -> None:
    for definition in (watched_traffic, watched_scoring):
        step = job(definition, names.MONITORING_STEP)
        assert (given(step, "--minimum-records"), given(step, "--limit-share")) == ("500", "0.25")
        assert given(step, "--champion") == {"Get": "Steps.EmpBonusFindChampion.OutputParameters['Name']"}


def test_window_reaches_the_function_that_finds_it_and_the_job_that_judges_it(watched_traffic: str) -> None:
    step = job(watched_traffic, names.MONITORING_STEP)
    assert (given(step, "--window-hours"), given(step, "--retrain")) == ("12", "true")
    assert given(step, "--window-end") == {"Get": "Parameters.WindowEnd"}
    assert job(watched_traffic, names.FIND_TRAFFIC_STEP)["Arguments"]["WindowHours"] == "12"


def test_scored_records_are_judged_when_they_have_been_scored(watched_scoring: str) -> None:
    scoring, watch, _ = json.loads(watched_scoring)["Steps"][1:]
    assert watch["DependsOn"] == [scoring["Name"]]
    uris = [each["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3Uri"] for each in (scoring, watch)]
    assert uris[0] == uris[1]


def test_figures_of_the_champion_are_published_where_somebody_watches(
    definitions: dict[str, str], watched_training: str
) -> None:
    assert names.PUBLISH_QUALITY_STEP not in definitions["dev"]
    step = job(watched_training, names.PUBLISH_QUALITY_STEP)
    figures = {
        name: value["Std:Join"]["Values"][0]["Std:JsonGet"]["Path"]
        for name, value in step["Arguments"].items()
        if name not in ("Pipeline", "Champion")
    }
    assert figures == {
        "ChampionRmse": "champion.rmse.value",
        "ChallengerRmse": "champion.challenger_rmse.value",
        "ChampionWorse": "champion.worsening.significant",
    }
