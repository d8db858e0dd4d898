"""cdk-nag finds nothing but what is acknowledged, and nothing is acknowledged that it does not find."""

import json
import tempfile
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from app import compose
from settings import STAGES, find_stage
from stacks.acknowledgements import Acknowledged, pipeline_findings, storage_findings
from tests.stacks.synthesis import ROOT


@pytest.fixture(scope="module", params=STAGES)
def report(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """A stage, and what cdk-nag says of the whole application for it."""
    return request.param, findings(request.param)


def findings(stage: str) -> dict[str, Any]:
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(context={**context, "stage": stage}, outdir=folder)
        compose(app)
        app.synth()
        (found,) = json.loads((Path(folder) / "validation-report.json").read_text())["pluginReports"]
    report: dict[str, Any] = found
    return report


def test_nothing_is_found_that_is_not_acknowledged(report: tuple[str, dict[str, Any]]) -> None:
    assert report[1]["pluginName"] == "AwsSolutions"
    assert report[1]["violations"] == []


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_else_is_found_in_a_deployment_which_knows_its_account(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "111122223333")
    assert findings(stage)["violations"] == []


def test_every_acknowledgement_is_granular_and_has_a_reason(report: tuple[str, dict[str, Any]]) -> None:
    for finding in [*storage_findings(find_stage(report[0])), *pipeline_findings(find_stage(report[0]))]:
        assert finding.construct
        assert len(finding.reason) > 20
        assert "IAM5[" in finding.finding or "IAM5" not in finding.finding


def test_no_acknowledgement_is_stale(report: tuple[str, dict[str, Any]]) -> None:
    stage = find_stage(report[0])
    suppressed = {
        (violation["ruleName"], construct["constructPath"])
        for violation in report[1]["suppressedViolations"]
        for construct in violation["violatingConstructs"]
    }

    def is_found(stack: str, each: Acknowledged) -> bool:
        rule = each.finding.removeprefix("AwsSolutions::")
        return any(name == rule and path.startswith(f"{stack}/{each.construct}/") for name, path in suppressed)

    stale = [each for each in storage_findings(stage) if not is_found(stage.storage_stack, each)]
    stale += [each for each in pipeline_findings(stage) if not is_found(stage.pipeline_stack, each)]
    assert stale == []
