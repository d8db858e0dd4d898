"""Documents that cross packages have a schema: what writes them and what reads them is held to it."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from artefacts.definition.graph import all_steps
from artefacts.definition.model_card import read_card
from artefacts.execution import Status
from data.mock_data import employees
from execution_report.page import render
from local_runner.record.execution import Execution
from operations.registry.assessment import read_assessment
from processing.contract.report import read_baseline
from processing.evaluation import model_card
from processing.evaluation.worsening import Uncertain, read_registered_rmse
from processing.features.feature_model import FeatureModel
from processing.job import JobError
from processing.jobs import data_quality
from settings.card import SECTIONS
from tests.documents import SCHEMAS, faults
from tests.execution_report import examples, windows
from tests.execution_report.reader import Page
from tests.processing.jobs import Jobs, good_rows
from tests.processing.monitoring.monitor_job import MonitorJob, answer, answer_record, line, part
from tests.processing.scoring_job import ScoringJob

NOW = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)

Document = dict[str, Any]


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Jobs:
    """Jobs that have run, on made-up data with all its faults, for a model that does not know the profile."""
    jobs = Jobs(tmp_path_factory.mktemp("jobs"), without=("profile",))
    jobs.write(employees(2_000, seed=4))
    assert jobs.preprocess() == jobs.split() == 0
    jobs.train()
    return jobs


def check_quality(jobs: Jobs, *, compared: bool = False) -> Document:
    """Run the data quality job, against its own last report or nothing, and return its report."""
    folders = {name: jobs.root / name for name in ("raw", "baseline", "data-quality")}
    if compared:
        folders["baseline"] = folders["data-quality"]
    config = jobs.root / "resourceconfig.json"
    config.write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
    words = [word for name, folder in folders.items() for word in (f"--{name}", str(folder))]
    more = ["--resource-config", str(config), "--message", str(jobs.root / "message")]
    data_quality.main([*words, *more], {"DATA_VERSION": "2026-11-26"})
    return read(folders["data-quality"] / "data_quality.json")


def read(path: Path) -> Document:
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def record(folder: Path) -> Document:
    """Return what the local runner writes of an execution with a step in every state."""
    written = [{"Name": name, "Type": "Processing"} for name in ("Reused", "Failed", "Running", "Waiting")]
    steps = {step.name: step for step in all_steps(written)}
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/bonus"
    execution = Execution.begin(folder, arn, steps, {"DataVersion": "1", "MinimumR2": 0.5}, NOW)
    for name, status in (("Reused", Status.SUCCEEDED), ("Failed", Status.FAILED), ("Running", Status.EXECUTING)):
        execution.steps[name].status, execution.steps[name].start_time = status, NOW
    execution.steps["Reused"].cache_hit_source = execution.arn
    execution.steps["Reused"].outputs = {"evaluation": "/tmp/evaluation"}  # noqa: S108  nothing is written there
    execution.steps["Failed"].failure_reason = execution.failure_reason = "ClientError: no"
    execution.status = Status.FAILED
    execution.save(NOW)
    return read(execution.folder / "execution.json")


def test_evaluation_and_its_card_are_what_their_schemas_say_with_a_champion_and_without(
    jobs: Jobs, definitions: dict[str, str]
) -> None:
    for champion in (None, jobs):
        assert jobs.evaluate(champion=champion) == 0
        assert faults("evaluation.json", jobs.evaluation()) == []
        assert faults("model_card.json", card_parts(jobs)) == []
        card = read_card(json.loads(definitions["prod"]), card_parts(jobs))
        assert faults("model_card_content.json", card) == []


def test_evaluation_of_few_rows_is_what_its_schema_says(tmp_path: Path) -> None:
    few = Jobs(tmp_path)
    few.write(employees(40, seed=4))
    assert few.preprocess() == few.split() == 0
    few.train()
    assert few.evaluate() == 0
    assert faults("evaluation.json", few.evaluation()) == []


def test_feature_model_is_what_its_schema_says(jobs: Jobs) -> None:
    assert faults("feature_model.json", jobs.feature_model()) == []


def test_data_quality_is_what_its_schema_says_whether_data_is_good_or_refused(jobs: Jobs, tmp_path: Path) -> None:
    good, compared = check_quality(jobs), check_quality(jobs, compared=True)
    assert good["baseline"] is None
    assert compared["baseline"]
    refused = Jobs(tmp_path)
    # One of each column, none of several: no standard deviation, and columns with no value at all.
    refused.write([["1", "A", "40", "", "", "2019-02-30", "{", "1"]])
    violated = check_quality(refused)
    assert violated["violations"]
    for document in (good, compared, violated):
        assert faults("data_quality.json", document) == []


def test_summary_of_a_scoring_is_what_its_schema_says(jobs: Jobs, tmp_path: Path) -> None:
    assert jobs.evaluate() == 0
    assert faults("scoring.json", score(jobs, tmp_path)) == []


def test_monitoring_is_what_its_schema_says_whatever_there_is_to_say(jobs: Jobs, tmp_path: Path) -> None:
    quality, job = jobs.root / "data-quality", MonitorJob(tmp_path)
    check_quality(jobs)
    rows = good_rows(400)
    job.write([line(part(answer(*map(answer_record, rows))))])
    job.write_rows(rows, "scored")
    (tmp_path / "nothing").mkdir()
    runs: list[tuple[tuple[str, ...], Path, bool]] = [
        ((), quality, False),
        (("--traffic", str(tmp_path / "nothing")), quality, False),
        (("--champion", "none"), quality, False),
        ((), tmp_path / "nothing", False),
        (("--traffic", str(tmp_path / "scored")), quality, True),
    ]
    for options, baseline, watches_files in runs:
        assert job.run(*options, baseline=baseline, watches_files=watches_files) == 0
        assert faults("monitoring.json", job.document) == []


def test_record_of_the_local_runner_is_what_its_schema_says(tmp_path: Path) -> None:
    document = record(tmp_path)
    assert [each["StepName"] for each in document["PipelineExecutionSteps"]] == ["Reused", "Failed", "Running"]
    assert faults("execution.json", document) == []


EXAMPLES = {
    "evaluation.json": (examples.evaluation(), examples.evaluation(passed=False, champion=False)),
    "data_quality.json": (examples.data_quality(), examples.broken_data_quality()),
    "scoring.json": (examples.scoring(),),
    "monitoring.json": (windows.monitoring(), windows.first_window(), windows.scored_files()),
    "execution.json": (
        examples.SCORED,
        examples.NOT_SCORED,
        examples.PASSED,
        examples.REJECTED,
        examples.CONTRACT_FAILED,
        windows.HELD,
        windows.DRIFTED,
        windows.WATCHED_SCORING,
    ),
}


@pytest.mark.parametrize("file", EXAMPLES)
def test_report_is_tested_with_what_the_schema_allows(file: str) -> None:
    for document in EXAMPLES[file]:
        assert faults(file, document) == []


def test_report_shows_what_the_jobs_wrote(jobs: Jobs, tmp_path: Path) -> None:
    jobs.evaluate()
    quality = check_quality(jobs)
    text = Page(render(examples.facts_of(record(tmp_path), quality, jobs.evaluation()))).text
    assert "Improvement MinimumImprovement at least 1.0" in text
    assert "There was no baseline" in text
    assert "of groups" in text
    assert "R² without it department" in text


def test_report_shows_the_card_that_a_version_gets(documents: dict[str, Document]) -> None:
    card = documents["model_card_content.json"]
    text = Page(render(examples.facts_of(examples.PASSED, card=card))).text
    assert f"Purpose {card['intended_uses']['purpose_of_model']} Uses" in text
    assert all(each["name"] in text for each in card["evaluation_details"])


def test_report_shows_what_the_monitor_job_wrote(documents: dict[str, Document]) -> None:
    watched = documents["monitoring.json"]
    shown = Page(render(examples.facts_of(windows.DRIFTED, monitoring=watched)))
    assert "The traffic has drifted beyond a limit of the data contract." in shown.text
    assert "salary severe number" in shown.text
    assert any(each.get("class") == "before" for drawing in shown.drawings for each in drawing.iter())
    assert "1 window, this one included." in shown.text


def card_parts(jobs: Jobs) -> Document:
    return read(jobs.root / "evaluation" / "model_card.json")


def test_lengths_that_settings_and_evaluation_keep_are_those_of_the_schemas() -> None:
    content = SCHEMAS["model_card_content.json"]
    lengths = {name: each.get("maxLength") for name, each in content["$defs"].items()}
    for section, texts in SECTIONS.items():
        refs = {
            name: each.get("$ref", "").rpartition("/")[2]
            for name, each in content["properties"][section]["properties"].items()
        }
        assert {name: most for name, most in texts.items() if name != "risk_rating"} == {
            name: lengths[refs[name]] for name in texts if refs[name]
        }
    evaluation = content["$defs"]["evaluation"]["properties"]
    assert lengths["group_name"] == model_card.GROUP_NAME
    assert lengths["metric_name"] == model_card.METRIC_NAME
    assert lengths["short"] == model_card.NOTES
    assert evaluation["evaluation_observation"]["maxLength"] == model_card.OBSERVATION
    assert {name: each["maxLength"] for name, each in SCHEMAS["model_card.json"]["properties"].items()} == (
        model_card.SECTIONS
    )


def test_evaluation_of_schema_version_2_is_still_read(tmp_path: Path) -> None:
    older = examples.second_evaluation()
    assert faults("evaluation.json", older) != []
    (tmp_path / "evaluation.json").write_text(json.dumps(older), encoding="utf-8")
    assert read_registered_rmse(tmp_path) == Uncertain(1_204.37, 59.1)
    assessment = read_assessment(older, None)
    assert assessment.rival
    assert assessment.rival.rmse == 1_256.11
    page = Page(render(examples.facts_of(examples.PASSED, None, older)))
    assert "1,204" in page.text


@pytest.fixture(scope="module")
def documents(jobs: Jobs, definitions: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    """One document of each kind, with all that it may hold."""
    jobs.evaluate(champion=jobs)
    folder = tmp_path_factory.mktemp("documents")
    card = read_card(json.loads(definitions["prod"]), card_parts(jobs))
    assert card
    return {
        "evaluation.json": jobs.evaluation(),
        "model_card.json": card_parts(jobs),
        "model_card_content.json": card,
        "feature_model.json": jobs.feature_model(),
        "data_quality.json": check_quality(jobs),
        "execution.json": record(folder),
        "scoring.json": score(jobs, folder),
        "monitoring.json": watch(jobs, folder),
    }


def score(jobs: Jobs, folder: Path) -> Document:
    """Return what the scoring job says of records of which one is wrong."""
    scoring = ScoringJob(folder, jobs.root / "serving")
    rows = good_rows(5)
    rows[0][3] = "1"
    scoring.write(rows)
    assert scoring.run() == 0
    document: Document = scoring.summary()
    return document


def watch(jobs: Jobs, folder: Path) -> Document:
    """Return what the monitor job says of a window that has moved, with labels and one that cannot be read."""
    job = MonitorJob(folder / "watched")
    job.root.mkdir()
    rows = [[*row[:3], "400000", "", *row[5:]] for row in good_rows(400)]
    job.write(["{", line(part(answer(*(answer_record(row, prediction=9_000.0) for row in rows))))])
    job.write_rows(rows, "labels")
    (job.root / "champion-feature-model").symlink_to(jobs.root / "feature-model")
    (job.root / "champion-evaluation").symlink_to(jobs.root / "evaluation")
    assert job.run("--minimum-labels", "10", baseline=jobs.root / "data-quality") == 0
    document: Document = job.document
    return document


def members(node: Any, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of everything in *node*."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from members(value, *path, key)


def spoil(document: Document, path: tuple[str | int, ...]) -> Document:
    """Return *document* with what lies at *path* in a list, which nothing in any document is twice."""
    spoilt = copy.deepcopy(document)
    *outer, last = path
    node: Any = spoilt
    for key in outer:
        node = node[key]
    node[last] = [[node[last]]]
    return spoilt


def test_every_schema_refuses_a_value_of_another_type_wherever_it_is(documents: dict[str, Document]) -> None:
    assert documents.keys() == SCHEMAS.keys()
    for file, document in documents.items():
        # Of a list's elements that have the same member, one is spoilt: a schema has one word for all of them.
        paths = {tuple("" if isinstance(key, int) else key for key in path): path for path in members(document)}
        assert len(paths) > 1
        schema = Draft202012Validator(SCHEMAS[file])
        assert [path for path in paths.values() if schema.is_valid(spoil(document, path))] == [], file


def test_every_schema_refuses_a_document_that_lacks_a_member_or_has_one_more(documents: dict[str, Document]) -> None:
    for file, document in documents.items():
        optional = {"FailureReason"}
        for name in document.keys() - optional:
            assert faults(file, {key: value for key, value in document.items() if key != name}), (file, name)
        assert faults(file, {**document, "more": 1})


def test_schemas_are_schemas() -> None:
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


def test_champions_feature_model_is_refused_where_its_schema_refuses_it(jobs: Jobs) -> None:
    document = jobs.feature_model()
    FeatureModel.from_json(json.dumps(document))
    for name in document.keys() - {"features", "age_bounds"}:  # not read; has a default
        lacking = {key: value for key, value in document.items() if key != name}
        assert faults("feature_model.json", lacking)
        with pytest.raises(JobError):
            FeatureModel.from_json(json.dumps(lacking))


def test_baseline_is_read_where_its_schema_allows_it_and_refused_where_it_lacks_what_is_read(
    jobs: Jobs, tmp_path: Path
) -> None:
    document = check_quality(jobs)
    (tmp_path / "data_quality.json").write_text(json.dumps(document))
    assert read_baseline(tmp_path)
    for name in ("schema_version", "data_version", "rows", "malformed_records", "columns"):
        (tmp_path / "data_quality.json").write_text(json.dumps({**document, name: []}))
        with pytest.raises(JobError):
            read_baseline(tmp_path)
