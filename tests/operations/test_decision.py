"""A person sees a version before deciding about it; the reason stays with it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from artefacts.assembly import load
from local_runner.on_disk.workspace import Workspace
from tests.artefacts.assembly.written_assembly import write_assembly
from tests.operations import promoted_version
from tests.operations.command_line import CLOCK, nobody, run
from tests.operations.fake_account import FakeAccount, Refusal
from tests.operations.fake_registry import Bucket, Registry

ACCOUNT = "444455556666"
EVALUATION = {
    "rows": 199,
    "regression_metrics": {
        "rmse": {"value": 1216.4, "standard_deviation": 71.9},
        "mae": {"value": 972.1, "standard_deviation": 52.2},
        "r2": {"value": 0.867, "standard_deviation": 0.016},
    },
    "champion": {
        "present": True,
        "name": "arn:aws:sagemaker:eu-west-1:1:model-package/empbonuspackagegroup-dev/3",
        "rows": 199,
        "rmse": {"value": 1250.0},
        "challenger_rmse": {"value": 1216.4},
        "improvement": {"value": 0.0269},
    },
    "gate": {"limits": {"MinimumR2": {"limit": 0.5, "found": 0.867, "kept": True}}},
}
QUALITY = {
    "data_version": "2026-11-26T05:00:00Z",
    "rows": 1996,
    "malformed_records": 4,
    "columns": {"age": {"missing": 63, "invalid": 0}},
    "violations": [],
}


def account(status: str = "PendingManualApproval", **answers: Any) -> FakeAccount:
    """Return an account with versions 4, which has the *status*, and 5, which a person has rejected."""
    registry = Registry(
        [promoted_version.package(ACCOUNT, 4, status), promoted_version.package(ACCOUNT, 5, "Rejected")]
    )
    files = Bucket(
        {
            promoted_version.EVALUATION: json.dumps(EVALUATION).encode(),
            promoted_version.DATA_QUALITY: json.dumps(QUALITY).encode(),
        }
    )

    def update(request: dict[str, Any]) -> dict[str, Any]:
        return {"ModelPackageArn": request["ModelPackageArn"]}

    return FakeAccount({**registry.answers, **files.answers, "UpdateModelPackage": update, **answers})


@pytest.fixture(autouse=True)
def _somebody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)


def decided(given: FakeAccount) -> list[tuple[str, str, str]]:
    """Return what was written: the number of a version, its status and the reason."""
    return [
        (each["ModelPackageArn"].rpartition("/")[2], each["ModelApprovalStatus"], each["ApprovalDescription"])
        for each in given.called.get("UpdateModelPackage", [])
    ]


def answering(text: str) -> Callable[[str], str]:
    return lambda _: text


def test_approval_shows_what_it_is_about_and_asks(capsys: pytest.CaptureFixture[str]) -> None:
    given = account()
    assert run("approve", "4", connect=given.connect, ask=answering("yes")) == 0
    lines = capsys.readouterr().err.splitlines()
    shown = " ".join(" ".join(lines).split())
    for text in (
        "EmpBonusPackageGroup-dev version 4, PendingManualApproval",
        "assumed-role/PipelineRole",  # who made it
        "execution x2x2x2x2x2x2",
        "raw-records sagemaker-scikit-learn:1.9-0-cpu-py3, models/x2x2x2x2x2x2/serving/model.tar.gz",
        "1,996 rows",
        "missing: age 63",
        "the contract is kept",
        "rmse 1,216 72",  # with its uncertainty
        "version 3 of empbonuspackagegroup-dev",  # the champion
        "2.7 % better, which is less than the rmse varies by itself",
        "MinimumR2 0.500 kept (0.867)",
        "risk High: it is about pay",
        "caveats train it anew when pay policy changes",
    ):
        assert text in shown
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("content", ["", "no JSON", "[]"])
def test_version_without_a_readable_card_is_shown_without(content: str, capsys: pytest.CaptureFixture[str]) -> None:
    package = promoted_version.package(ACCOUNT, 4, "PendingManualApproval")
    package["ModelCard"]["ModelCardContent"] = content
    given = FakeAccount({**account().answers, **Registry([package]).answers})
    assert run("approve", "4", connect=given.connect, ask=answering("yes")) == 0
    shown = capsys.readouterr().err
    assert "quality gate" in shown
    assert "caveats" not in shown


def test_approval_without_a_reason_keeps_the_figures_that_were_shown() -> None:
    given = account()
    run("approve", "4", "--yes", connect=given.connect)
    ((number, status, reason),) = decided(given)
    assert (number, status) == ("4", "Approved")
    assert reason.startswith(
        "rmse 1216.40 +- 71.90 on 199 test rows, 2.7% better than version 3 of empbonuspackagegroup-dev"
    )


@pytest.mark.parametrize(("command", "status"), [("approve", "Approved"), ("reject", "Rejected")])
def test_reason_is_kept_with_the_decision(command: str, status: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = account()
    assert run(command, "4", "--reason", "reviewed by two", "--yes", "--json", connect=given.connect) == 0
    assert decided(given) == [("4", status, "reviewed by two")]
    document = json.loads(capsys.readouterr().out)
    assert (document["before"], document["status"]) == ("PendingManualApproval", status)


@pytest.mark.parametrize("answer", ["", "y", "no", "4"])
def test_nothing_is_decided_unless_the_person_types_yes(answer: str) -> None:
    given = account()
    assert run("approve", "4", connect=given.connect, ask=answering(answer)) == 1
    assert decided(given) == []


def test_nobody_at_a_terminal_is_refused_without_yes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    given = account()
    assert run("approve", "4", connect=given.connect) == 2
    assert "add --yes" in capsys.readouterr().err
    assert decided(given) == []


REFUSED = {
    "decided about before": (["approve", "5"], {}, "version 5 is Rejected (better for all departments): add --anew"),
    "newest, which is not pending": (["approve", "newest"], {}, "version 5 is Rejected"),
    "already so": (["approve", "4"], {"status": "Approved"}, "version 4 is Approved already"),
    "unknown": (
        ["approve", "7"],
        {},
        "does not exist: choose newest or one of 5, 4",
    ),
    "of another group": (["approve", "arn:aws:sagemaker:eu-west-1:1:model-package/other/4"], {}, "does not exist"),
    "a reason too long": (["reject", "4", "--reason", "x" * 1_025], {}, "1,025 characters: write 1 to 1,024"),
    "no reason": (["reject", "4", "--reason", " "], {}, "0 characters: write 1 to 1,024"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_version_that_cannot_be_decided_about_is_refused(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, more, line = REFUSED[case]
    given = account(**more)
    assert run(*arguments, "--yes", connect=given.connect, ask=nobody) == 2
    assert line in capsys.readouterr().err
    assert decided(given) == []


def test_reason_is_kept_on_one_line() -> None:
    given = account()
    assert run("reject", "4", "--reason", "twice\nas high", "--yes", connect=given.connect) == 0
    assert decided(given)[0][2] == "twice as high"


def test_decision_is_made_anew_where_it_is_told_to() -> None:
    given = account()
    assert run("approve", "5", "--anew", "--yes", connect=given.connect) == 0
    assert [each[:2] for each in decided(given)] == [("5", "Approved")]


def test_somebody_who_was_quicker_is_not_overruled(capsys: pytest.CaptureFixture[str]) -> None:
    given = account()

    def reject_meanwhile(_: str) -> str:
        given.answers["DescribeModelPackage"] = promoted_version.package(ACCOUNT, 4, "Rejected")
        return "yes"

    assert run("approve", "4", connect=given.connect, ask=reject_meanwhile) == 2
    assert "has become Rejected meanwhile" in capsys.readouterr().err
    assert decided(given) == []


def test_figures_that_cannot_be_read_are_told_and_do_not_stop(capsys: pytest.CaptureFixture[str]) -> None:
    given = account(GetObject=Refusal("AccessDenied"))
    assert run("approve", "4", "--yes", connect=given.connect) == 0
    assert "not read       evaluation.json" in capsys.readouterr().err
    assert decided(given)[0][2] == "approved without its figures, which could not be read"


def test_local_version_is_decided_about_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "cdk.out").mkdir()
    write_assembly(tmp_path / "cdk.out", ["train"], groups=["Bonus"])
    registry = Workspace(tmp_path / ".local").registry(load(tmp_path / "cdk.out", "dev")["train"])
    request = {"ModelPackageGroupName": "Bonus", "ModelApprovalStatus": "PendingManualApproval"}
    registry.create("Register", request, CLOCK.now())
    assert run("reject", "newest", "--reason", "of a part", "--yes", "--local", folder=tmp_path) == 0
    (package,) = registry.list("Bonus")
    assert (package["ModelApprovalStatus"], package["ApprovalDescription"]) == ("Rejected", "of a part")
