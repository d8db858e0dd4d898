"""docs/cost.md says what the price table makes of the reviewed definitions."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from functions.publish_quality import METRICS
from operations.pipeline_diff.change import Cost
from operations.pipeline_diff.compare.pipelines import Version
from operations.pipeline_diff.judge.cost import estimate_month, estimate_run
from operations.pipeline_diff.read.files import side_of_definition, side_of_templates
from operations.prices import CUSTOM_METRIC_USD, HOURS_A_MONTH, JOB_MINUTES, MONTHLY_USD, find_hourly_usd
from operations.verify_account.plan import estimate_usd
from settings import STAGES
from settings.checks.cron import count_starts_a_month
from settings.monitoring import DAILY
from tests import golden_files
from tests.operations.pipeline_diff.pairs import PIPELINE, STORAGE, side, written

DOCS = Path(__file__).parents[2] / "docs"


def said(row: str, document: str = "cost.md") -> float:
    """Return the number in the row of the table that begins so."""
    text = (DOCS / document).read_text(encoding="utf-8")
    found = re.search(rf"^\| {re.escape(row)}[^|]*\| about ([\d.]+)", text, re.MULTILINE)
    assert found, row
    return float(found[1])


def run_of(name: str) -> Cost:
    one = side_of_definition(name, json.loads(golden_files.read(name)))
    return estimate_run(Version(one.pipelines[0], one))


@pytest.mark.parametrize(
    ("row", "definition"),
    [
        ("a run ", "prod/definition.json"),
        ("a run with a search", "prod/definition.tuning.json"),
        ("a scoring of", "prod/definition.scoring.json"),
        ("a window of", "dev/definition.monitoring.json"),
    ],
)
def test_cost_of_an_execution_is_what_the_document_says(row: str, definition: str) -> None:
    cost = run_of(definition)
    assert cost.unknown == ()
    assert said(row) == pytest.approx(cost.usd, abs=0.005)


def test_most_that_a_run_can_cost_is_what_the_document_says() -> None:
    hours = STAGES["prod"].processing.max_runtime_s / 3600
    assert said("the most that a run can cost") == pytest.approx(
        run_of("prod/definition.json").usd / (JOB_MINUTES / 60) * hours, abs=0.005
    )


def test_month_is_what_the_document_says(tmp_path: Path) -> None:
    content = written()
    scoring: dict[str, Any] = json.loads(golden_files.read("prod/scoring.template.json"))
    del scoring["Resources"][next(name for name in scoring["Resources"] if name.startswith("ScoringPipeline"))]
    prod = side("prod", content, tmp_path)
    whole = side_of_templates(
        "prod", {STORAGE: content.storage, PIPELINE: prod.stacks[PIPELINE], "emp-bonus-prod-scoring": scoring}
    )
    idle, month = estimate_month(whole, ()), estimate_month(whole, (Version(each, whole) for each in whole.pipelines))
    assert idle is not None
    assert month is not None
    assert said("a month and stage, idle") == pytest.approx(idle.usd, abs=0.005)
    assert said("a month of prod") == pytest.approx(month.usd, abs=0.005)


def test_month_of_monitoring_is_what_the_documents_say() -> None:
    template = json.loads(golden_files.read("prod/monitoring.template.json"))
    alarms = [each for each in template["Resources"].values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    # With that of the training pipeline, and that of the message of drift after a scoring.
    idle = (len(alarms) + 2) * MONTHLY_USD["AWS::CloudWatch::Alarm"]
    windows = count_starts_a_month(DAILY.expression) * run_of("dev/definition.monitoring.json").usd
    usd = idle + len(METRICS) * CUSTOM_METRIC_USD + windows
    assert said("a month of monitoring") == pytest.approx(usd, abs=0.005)
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert f"monitoring a served model costs about {usd:.2f} USD a month" in readme


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_every_instance_type_that_a_start_may_choose_has_a_price(stage: Any) -> None:
    types = {*stage.processing.allowed_instance_types, *stage.training.allowed_instance_types}
    assert [each for each in sorted(types) if find_hourly_usd(stage.region, each) is None] == []


def test_verification_costs_what_the_document_says() -> None:
    usd = estimate_usd(STAGES["dev"])
    assert usd is not None
    assert said("`make verify-account` in dev") == pytest.approx(usd, abs=0.005)


@pytest.mark.parametrize(("row", "instances"), [("2 x `ml.m5.large`", 2), ("1 x `ml.m5.large`", 1)])
def test_endpoint_costs_what_the_document_says(row: str, instances: int) -> None:
    hourly = find_hourly_usd("eu-west-1", "ml.m5.large")
    assert hourly is not None
    assert said(row, "deploy.md") == pytest.approx(instances * hourly * HOURS_A_MONTH, abs=0.5)
