"""cdk-nag finds nothing but what is acknowledged, and nothing is acknowledged that it does not find."""

import dataclasses
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import aws_cdk as cdk
import pytest

from settings import STAGES, Deployment, Stage
from stacks.acknowledgements import (
    Acknowledged,
    deployment_findings,
    monitoring_findings,
    pipeline_findings,
    scoring_findings,
    storage_findings,
)
from stacks.application import add_stacks
from stacks.shared.stack import StorageStack
from tests.stacks.conftest import DEPLOYING
from tests.stacks.synthesis import ROOT


@dataclass(frozen=True)
class Report:
    """What cdk-nag says of the whole application, and what is acknowledged in each of its stacks."""

    found: dict[str, Any]
    acknowledged: dict[str, list[Acknowledged]]


KINDS = {
    **STAGES,
    "dev with an endpoint": dataclasses.replace(STAGES["dev"], deployment=Deployment()),
    "prod with every option of a watched endpoint": DEPLOYING,
}


Check = Callable[[Stage, str | None], Report]


@pytest.fixture(scope="module", params=KINDS)
def report(request: pytest.FixtureRequest, check: Check) -> Report:
    return check(KINDS[request.param], None)


@pytest.fixture(scope="module")
def check(
    definitions: dict[str, str], scoring_definitions: dict[str, str], deploying_definitions: tuple[str, str, str]
) -> Check:
    def check(stage: Stage, account: str | None) -> Report:
        # An endpoint changes nothing in a definition, a watch does.
        plain = (definitions[stage.name], scoring_definitions[stage.name], "")
        return inspect(stage, account, *(deploying_definitions if stage.monitoring else plain))

    return check


def inspect(stage: Stage, account: str | None, definition: str, scoring: str, monitoring: str) -> Report:
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(context=context, outdir=folder)
        add_stacks(app, stage, account, definition=definition, scoring=scoring, monitoring=monitoring)
        bucket = cast(StorageStack, app.node.find_child(stage.storage_stack)).data_bucket
        acknowledged = {
            stage.storage_stack: storage_findings(stage, bucket),
            stage.pipeline_stack: pipeline_findings(stage, bucket),
            stage.scoring_stack: scoring_findings(stage, bucket),
        }
        if monitoring:
            acknowledged[stage.monitoring_stack] = monitoring_findings(stage, bucket)
        if stage.deployment:
            acknowledged[stage.deployment_stack] = deployment_findings(stage, stage.deployment, bucket)
        app.synth()
        (found,) = json.loads((Path(folder) / "validation-report.json").read_text())["pluginReports"]
    return Report(found, acknowledged)


def test_nothing_is_found_that_is_not_acknowledged(report: Report) -> None:
    assert report.found["pluginName"] == "AwsSolutions"
    assert report.found["violations"] == []


# Watched, it has all stacks that the others have.
@pytest.mark.parametrize("kind", [kind for kind, stage in KINDS.items() if stage.monitoring])
def test_nothing_else_is_found_in_a_deployment_which_knows_its_account(kind: str, check: Check) -> None:
    assert check(KINDS[kind], "111122223333").found["violations"] == []


def test_every_acknowledgement_is_granular_and_has_a_reason(report: Report) -> None:
    for finding in (each for findings in report.acknowledged.values() for each in findings):
        assert finding.construct
        assert len(finding.reason) > 20
        assert "IAM5[" in finding.finding or "IAM5" not in finding.finding


def test_no_acknowledgement_is_stale(report: Report) -> None:
    suppressed = {
        (violation["ruleName"], construct["constructPath"])
        for violation in report.found["suppressedViolations"]
        for construct in violation["violatingConstructs"]
    }

    def is_found(stack: str, each: Acknowledged) -> bool:
        rule = each.finding.removeprefix("AwsSolutions::")
        return any(name == rule and f"{path}/".startswith(f"{stack}/{each.construct}/") for name, path in suppressed)

    stale = [
        each
        for stack, acknowledged in report.acknowledged.items()
        for each in acknowledged
        if not is_found(stack, each)
    ]
    assert stale == []
