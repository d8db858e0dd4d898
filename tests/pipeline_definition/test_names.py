"""Names in the definition are those that the jobs' programs know: they meet in a command line and in files only."""

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functions import find_champion, find_traffic, publish_quality
from inference import application
from pipeline_definition import build_definition, names
from processing import serving_files
from processing.contract import report as data_quality_report
from processing.evaluation import worsening
from processing.jobs import data_quality, evaluate, monitor, preprocess, score, split
from processing.monitoring import history
from processing.records import request_body
from settings import STAGES, Features

JOBS: dict[str, tuple[Callable[..., int], type]] = {
    names.DATA_QUALITY_STEP: (data_quality.main, data_quality.DataQualityOptions),
    names.PREPROCESSING_STEP: (preprocess.main, preprocess.PreprocessOptions),
    names.SPLIT_STEP: (split.main, split.SplitOptions),
    names.EVALUATION_STEP: (evaluate.main, evaluate.EvaluateOptions),
}


@pytest.mark.parametrize("variant", ["prod", "prod.tuning"])
@pytest.mark.parametrize("name", JOBS)
def test_options_that_a_step_gives_are_those_that_its_program_takes(
    definitions: dict[str, str], capsys: pytest.CaptureFixture[str], variant: str, name: str
) -> None:
    check_options(definitions[variant], name, *JOBS[name], capsys)


def test_columns_left_out_are_an_option_of_preprocessing_and_change_nothing_else(
    definitions: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    stage = dataclasses.replace(STAGES["prod"], features=Features(without=("age", "profile")))
    found, name = build_definition(stage), names.PREPROCESSING_STEP
    check_options(found, name, *JOBS[name], capsys)
    document = json.loads(found)
    words = next(step for step in document["Steps"] if step["Name"] == name)["Arguments"]["AppSpecification"]
    assert words["ContainerArguments"][-3:] == ["--without", "age", "profile"]
    del words["ContainerArguments"][-3:]
    assert document == json.loads(definitions["prod"])


def test_options_of_the_scoring_step_are_those_that_its_program_takes(
    scoring_definitions: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    check_options(scoring_definitions["prod"], names.SCORING_STEP, score.main, score.ScoreOptions, capsys)


def test_options_of_the_monitoring_step_are_those_that_its_program_takes(
    monitoring_definition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check_options(monitoring_definition, names.MONITORING_STEP, monitor.main, monitor.MonitorOptions, capsys)


def check_options(
    definition: str, name: str, main: Callable[..., int], options: type, capsys: pytest.CaptureFixture[str]
) -> None:
    (step,) = (each for each in json.loads(definition)["Steps"] if each["Name"] == name)
    words: list[Any] = step["Arguments"]["AppSpecification"]["ContainerArguments"]
    given = {word for word in words if isinstance(word, str) and word.startswith("--")}
    with pytest.raises(SystemExit):
        main(["--help"], {})
    assert given <= set(re.findall("--[a-z-]+", capsys.readouterr().out))
    assert {f"--{field.name.replace('_', '-')}" for field in dataclasses.fields(options)} <= given


def test_files_that_are_registered_are_those_that_the_jobs_write() -> None:
    assert names.DATA_QUALITY_FILE == data_quality_report.FILE_NAME
    assert names.EVALUATION_FILE == worsening.FILE_NAME
    assert (names.SERVING_FILE, names.SAMPLE_FILE) == (serving_files.ARCHIVE, serving_files.SAMPLE_ARCHIVE)
    assert names.SMOKE_TEST_FILE == serving_files.SMOKE_TEST
    assert names.MONITORING_FILE == history.FILE_NAME


def test_job_and_functions_have_one_word_for_nothing() -> None:
    words = {find_champion.NAME_OF_NONE, find_traffic.UNKNOWN, publish_quality.NAME_OF_NONE, monitor.NONE}
    assert words == {"none"}


def test_container_that_takes_raw_records_is_told_what_the_code_in_its_artefact_knows() -> None:
    module, _, name = names.SERVING_MODULE.partition(":")
    path = Path(f"{module.replace('.', '/')}.py")
    assert f"\n{name} = " in path.read_text(encoding="utf-8")
    for each in (path, Path("inference/__main__.py")):
        for variable in (names.MODEL_VERSION_VARIABLE, names.ANSWER_FIGURES_VARIABLE):
            assert f'"{variable}"' in each.read_text(encoding="utf-8")
    assert names.RAW_CONTENT_TYPES == request_body.READABLE
    assert names.RAW_RESPONSE_TYPES == application.WRITABLE
    assert names.RAW_RECORDS == find_champion.RAW_RECORDS
