"""The evidence tells what was seen, and nobody whose account it was; the rights are those of the calls."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from artefacts.iam.policies import read_statements
from operations.verify_account.assumptions import ASSUMPTIONS
from operations.verify_account.evidence import LeakError, build, find_leaks, find_shapes, redact, render, write
from operations.verify_account.observations import Alarm, Observations
from operations.verify_account.plan import describe, estimate_usd
from operations.verify_account.rights import RIGHTS, build_policy
from settings import Processing, Training, Tuning, find_stage
from tests.operations import command_line
from tests.operations.simulated_account import BUCKET, NUMBER, ROLES, Account
from tests.security.vocabulary import faults

DEV = find_stage("dev")
SECRETS = {NUMBER: "<account>", "stack-Role": "<role>", "stack-Role-XYZ": "<longer>"}
FORBIDDEN = {NUMBER: "the account's number", BUCKET: "a bucket's name"}


def test_names_are_replaced_the_longest_first_and_every_accounts_number() -> None:
    text = f"arn:aws:iam::{NUMBER}:role/stack-Role-XYZ, arn:aws:iam::{NUMBER}:role/stack-Role, 438346466558.dkr.ecr"
    assert (
        redact(text, SECRETS)
        == "arn:aws:iam::<account>:role/<longer>, arn:aws:iam::<account>:role/<role>, <account>.dkr.ecr"
    )


def test_other_numbers_stay() -> None:
    text = "1700000000000, emp-bonus-dev-train-123456789012-aBcDeFgH12-0, 11111.5"
    assert redact(text, SECRETS) == text


@pytest.mark.parametrize("text", [NUMBER, "1111-2222-3333", "acct 1111 2222 3333"])
def test_accounts_number_is_found_however_it_is_written(text: str) -> None:
    assert find_leaks(f"x {text} y", FORBIDDEN) == ["the account's number"]


def test_buckets_name_is_found_in_capitals() -> None:
    assert find_leaks(f"s3://{BUCKET.upper()}/raw", FORBIDDEN) == ["a bucket's name"]
    assert find_leaks("s3://<DataBucket>/raw", FORBIDDEN) == []


def test_nothing_is_written_when_something_got_past_the_redaction(tmp_path: Path) -> None:
    document = build(Observations(undone={"run": "account 1111-2222-3333 has no quota"}), {})
    with pytest.raises(LeakError, match=r"^account-evidence.json has the account's number in it: nothing is written"):
        write(tmp_path, document, SECRETS, FORBIDDEN)
    assert list(tmp_path.iterdir()) == []


def test_leak_in_the_evidence_fails_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: dict[str, Any] = {"AlarmHistoryItems": [{"HistorySummary": "sent to 1111 2222 3333"}]}
    account = Account(answers={"DescribeAlarmHistory": told})
    assert (
        command_line.run("verify-account", "--yes", f"--out={tmp_path}", connect=account.connect, clock=account.clock)
        == 1
    )
    assert "\nnot written: account-evidence.json has the account's number in it" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_evidence_of_a_full_verification_names_nothing_of_the_account(tmp_path: Path) -> None:
    account = Account(answers={"UpdateModelPackage": "AccessDeniedException"})
    command_line.run("verify-account", "--yes", f"--out={tmp_path}", connect=account.connect, clock=account.clock)
    texts = [path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir())]
    assert len(texts) == 2
    for text in texts:
        assert [name for name in (NUMBER, BUCKET, *ROLES.values(), "Topic-XYZ") if name in text] == []


def test_events_are_recorded_by_members_and_types_alone() -> None:
    details = [
        {"stepName": "secret", "times": [{"at": 1.5}], "tags": {}},
        {"stepName": "secret", "ok": True, "none": []},
    ]
    shapes = find_shapes({"detail-type": "change", "detail": detail} for detail in details)
    assert shapes == {
        "change": [
            "detail-type: str",
            "detail.none: list",
            "detail.ok: bool",
            "detail.stepName: str",
            "detail.times[].at: float",
        ]
    }


def test_page_has_a_row_for_each_assumption_and_all_else_as_the_file_has_it() -> None:
    seen = Observations(alarm=Alarm("Fault", "OK", "a|b\nc"), unasked={"tags": "<nobody>"})
    document = json.loads(json.dumps(build(seen, {"region": "eu-west-1"})))
    page = render(document)
    assert page.splitlines()[0] == f"# Assumptions about AWS: 0 confirmed, 0 refuted, {len(ASSUMPTIONS)} not seen"
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(rows) == len(ASSUMPTIONS) + 2
    assert {row.count("|") for row in rows} == {6}
    assert "could not ask: &lt;nobody>" in page
    assert "a/b c" in page
    assert [name for name in document.keys() - {"assumptions", "counts"} if f"**{name}**" not in page] == []
    assert '"eu-west-1"' in page


def test_cost_follows_types_numbers_and_jobs() -> None:
    assert estimate_usd(DEV) == pytest.approx(10 * 4 / 60 * 0.257)
    smaller = replace(DEV, processing=Processing(instance_type="ml.m5.large", instance_count=3))
    assert estimate_usd(smaller) == pytest.approx((9 * 3 * 0.128 + 0.257) * 4 / 60)
    searching = replace(DEV, training=Training(tuning=Tuning(maximum_jobs=20)))
    assert estimate_usd(searching) == pytest.approx((9 + 20) * 4 / 60 * 0.257)
    on_two_each = replace(DEV, training=Training(tuning=Tuning(maximum_jobs=20), instance_count=2))
    assert estimate_usd(on_two_each) == pytest.approx((9 + 2 * 20) * 4 / 60 * 0.257)


def test_cost_is_known_for_every_instance_type_that_the_settings_allow() -> None:
    for kind in DEV.processing.allowed_instance_types:
        usd = estimate_usd(replace(DEV, processing=Processing(instance_type=kind)))
        assert usd is not None
        assert 0 < usd < 2
    assert "It takes about half an hour, and 5 minutes for CloudTrail" in describe(DEV, 300)


def test_cost_without_a_price_is_said_as_unknown() -> None:
    assert "What it costs is unknown." in describe(replace(DEV, region="ap-south-1"), 300)


def test_every_call_has_its_right_and_every_right_its_call(tmp_path: Path) -> None:
    account = Account()
    command_line.run("verify-account", "--yes", f"--out={tmp_path}", connect=account.connect, clock=account.clock)
    assert {operation for operation, _ in account.called} == RIGHTS.keys()


def test_aws_understands_every_statement_of_the_policy() -> None:
    statements = read_statements(build_policy(DEV), "verification")
    assert [fault for statement in statements for fault in faults(statement)] == []


def test_policy_is_printed_and_what_it_lets_change_ends_at_the_stage(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account()
    assert command_line.run("verify-account", "--policy", connect=account.connect, clock=account.clock) == 0
    policy = json.loads(capsys.readouterr().out)
    assert policy == build_policy(DEV)
    assert account.called == []
    changing = {
        action: statement["Resource"]
        for statement in policy["Statement"]
        for action in statement["Action"]
        if not action.split(":")[1].startswith(("Get", "List", "Describe", "Lookup"))
    }
    unbounded = {action for action, resources in changing.items() if "*" in resources}
    assert unbounded == {"sns:Unsubscribe", "kms:GenerateDataKey"}  # the first takes none, the key's name is not known
    bounded = {resource for resources in changing.values() for resource in resources} - {"*"}
    assert [resource for resource in bounded if "dev" not in resource] == []
