"""A verification asks first, refuses what it must not try out, does all that it can, and puts everything back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.operations import command_line
from tests.operations.simulated_account import ANSWERS, FAULT, PIPELINE, RULE, SCHEDULE, TOPIC, Account


def verify(account: Account, folder: Path, *options: str, ask: Callable[[str], str] = lambda _: "dev") -> int:
    return command_line.run(
        "verify-account", f"--out={folder}", *options, connect=account.connect, ask=ask, clock=account.clock
    )


def read(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "account-evidence.json").read_text(encoding="utf-8"))
    return document


def verdicts(folder: Path) -> dict[str, str]:
    return {each["id"]: each["verdict"] for each in read(folder)["assumptions"]}


def test_account_like_the_records_confirms_all_that_its_stage_can_show_in_a_day(tmp_path: Path) -> None:
    account = Account()
    assert verify(account, tmp_path) == 0
    assert {name for name, verdict in verdicts(tmp_path).items() if verdict != "confirmed"} == {
        "overdue-alarm",
        "cache-expiry",
        "spark-peers",
        "training-hosts",
        "watched-figures",
    }
    document = read(tmp_path)
    assert document["ran on"] == "AWS"
    assert {(call["role"], call["name"], call["error"], call["session"]) for call in document["calls"]} == {
        ("JobRole", "CreateLogStream", "", "SageMaker"),
        ("PipelineRole", "CreateModelPackageGroup", "ValidationException", "sagemaker-pipeline-<execution>-EmpBonus"),
        *(
            ("PipelineRole", name, "", "sagemaker-pipeline-<execution>-EmpBonusSomething")
            for name in ("CreateProcessingJob", "CreateModelPackage", "DescribeModelPackage")
        ),
    }
    assert account.leftovers == []


def test_question_says_what_it_does_how_long_and_for_how_much(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account, asked = Account(), list[str]()

    def ask(question: str) -> str:
        asked.append(question)
        return "prod"

    assert verify(account, tmp_path, ask=ask) == 2
    told = capsys.readouterr().err
    assert "about half an hour, and 15 minutes for CloudTrail. It costs about 0.17 USD" in told
    assert "nothing was done" in told
    assert asked == ["Type dev to go on: "]
    assert {name for name, _ in account.called if not name.startswith(("Describe", "List"))} == set()


def test_yes_option_answers_the_question(tmp_path: Path) -> None:
    def ask(_question: str) -> str:
        raise AssertionError("nobody is there")

    assert verify(Account(), tmp_path, "--yes", ask=ask) == 0


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            {"DescribeStacks": "ValidationError"},
            "stack emp-bonus-dev-storage is not deployed: run make deploy STAGE=dev",
        ),
        (
            {"DescribeStackResources": {"StackResources": []}},
            "the stacks have no Topic .*: deploy this code first, or verify with that one",
        ),
        (
            {"DescribeRule": {"State": "ENABLED"}},
            "rule emp-bonus-dev-pipeline-NewDataStart is on, and would start on our data: aws events disable-rule",
        ),
        (
            {
                "ListPipelineExecutions": {
                    "PipelineExecutionSummaries": [
                        {"PipelineExecutionArn": f"{PIPELINE}/execution/abc", "PipelineExecutionStatus": "Executing"}
                    ]
                }
            },
            "execution abc runs: wait until it ends, or stop it",
        ),
    ],
)
def test_stage_that_cannot_be_verified_now_is_refused_with_the_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answers: dict[str, Any], told: str
) -> None:
    assert verify(Account(answers=answers), tmp_path) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"refused: {told}")


def test_stage_with_a_champion_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(Account(approval="Approved"), tmp_path) == 2
    assert capsys.readouterr().err == (
        "refused: model version 1 is approved, and ours would be judged by it: reject it\n"
    )


def test_prod_is_refused_before_anything_is_asked_of_aws(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account()
    assert command_line.run("verify-account", "--stage=prod", connect=account.connect) == 2
    assert capsys.readouterr().err == (
        "refused: stage prod may not be torn down: try things out on another, such as dev\n"
    )
    assert account.called == []


def test_account_that_does_not_answer_is_reported_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(Account(answers={"CreateQueue": "AccessDenied"}), tmp_path) == 2
    *_, line = capsys.readouterr().err.splitlines()
    assert line.startswith("refused: these credentials lack the right to CreateQueue: docs/operations.md")


WAITS = 20
"""In the simulated account, that for CloudTrail included."""


@pytest.mark.parametrize("wait", range(WAITS))
def test_ctrl_c_at_any_wait_leaves_everything_as_it_was(tmp_path: Path, wait: int) -> None:
    before = iter(range(wait))

    def passing(_account: Account, _seconds: float) -> None:
        if next(before, None) is None:
            raise KeyboardInterrupt

    account = Account(passing=passing)
    assert verify(account, tmp_path) == 130
    assert account.leftovers == []
    assert list(tmp_path.iterdir()) == []


def test_verification_waits_as_often_as_tested(tmp_path: Path) -> None:
    waits: list[float] = []
    assert verify(Account(passing=lambda _, seconds: waits.append(seconds)), tmp_path) == 0
    assert len(waits) == WAITS
    assert waits[-1] == 900, "CloudTrail is waited for last"


@pytest.mark.parametrize(
    ("operation", "member", "value"),
    [("UpdateModelPackage", "ModelApprovalStatus", "Approved"), ("PutRule", "State", "ENABLED")],
)
def test_ctrl_c_while_something_is_changed_changes_it_back(
    tmp_path: Path, operation: str, member: str, value: str
) -> None:
    def answer(account: Account, request: dict[str, Any]) -> Any:
        answered = ANSWERS[operation](account, request)
        if request.get(member) == value:
            raise KeyboardInterrupt
        return answered

    account = Account(answers={operation: answer})
    assert verify(account, tmp_path) == 130
    assert account.leftovers == []


def test_step_that_cannot_be_done_keeps_no_other_from_being_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(answers={"UpdateModelPackage": "AccessDeniedException"})
    assert verify(account, tmp_path) == 1
    assert "not done: ClientError: An error occurred (AccessDeniedException)" in capsys.readouterr().err
    document = read(tmp_path)
    assert document["undone"].keys() == {"approve, and run again", "reject the version"}
    assert document["counts"]["refuted"] == 0
    assert verdicts(tmp_path)["rejected-model-told"] == "not seen"
    assert verdicts(tmp_path)["refused-data-told"] == "confirmed"
    assert account.leftovers == []


def test_answer_of_another_form_keeps_no_step_from_being_done(tmp_path: Path) -> None:
    account = Account(answers={"StartPipelineExecution": {}})
    assert verify(account, tmp_path) == 1
    undone = read(tmp_path)["undone"]
    assert undone["run on broken data"] == "KeyError: 'PipelineExecutionArn'"
    assert undone["approve, and run again"] == "NotDoneError: no version was registered that could be approved"
    assert verdicts(tmp_path)["schedule-time"] == "confirmed"
    assert account.leftovers == []


def test_question_that_is_not_answered_is_not_seen_and_says_why(tmp_path: Path) -> None:
    odd: dict[str, Any] = {"CompositeAlarms": []}
    account = Account(answers={"LookupEvents": "AccessDeniedException", "DescribeAlarms": odd})
    assert verify(account, tmp_path) == 0
    findings = {each["id"]: each for each in read(tmp_path)["assumptions"]}
    assert findings["no-denials"]["observed"] == "could not ask: LookupEvents: AccessDeniedException"
    assert findings["fault-suppressed"]["observed"] == "could not ask: ValueError"
    assert findings["fault-suppressed"]["verdict"] == "not seen"


def test_exit_code_reports_a_refuted_assumption(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(Account(answers={"ListTags": {"Tags": []}}), tmp_path) == 1
    assert verdicts(tmp_path)["stack-tags"] == "refuted"
    assert ", 1 refuted, 5 not seen -> " in capsys.readouterr().out


def test_schedule_is_turned_on_with_its_description_and_restored_to_the_letter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account()
    assert verify(account, tmp_path) == 0
    command = f"aws events put-rule --name {SCHEDULE} --schedule-expression 'cron(0 5 ? * MON *)' --state DISABLED"
    assert f"if this is killed, restore it by: {command}" in capsys.readouterr().err
    put = [request for name, request in account.called if name == "PutRule" and request["Name"] == SCHEDULE]
    assert put == [{**RULE, "ScheduleExpression": "rate(1 minute)", "State": "ENABLED"}, RULE]
    assert [request for name, request in account.called if name == "PutTargets" and request["Rule"] == SCHEDULE] == []


def test_schedule_that_starts_nothing_is_restored_and_reported(tmp_path: Path) -> None:
    account = Account(answers={"ListPipelineExecutions": {"PipelineExecutionSummaries": []}})
    assert verify(account, tmp_path) == 1
    assert read(tmp_path)["undone"] == {
        "start by the schedule": "NotDoneError: the schedule started nothing within 300 s"
    }
    assert account.rules == {SCHEDULE: RULE}


def test_schedule_that_is_not_restored_is_reported(tmp_path: Path) -> None:
    described = iter([{"State": "DISABLED"}, RULE, RULE | {"Description": "another"}])
    account = Account(answers={"DescribeRule": lambda *_: next(described)})
    assert verify(account, tmp_path) == 1
    assert read(tmp_path)["undone"] == {
        "restore it": "NotDoneError: rule <ScheduledStart0A1B2C3D> is not as it was: deploy the stage again"
    }


def test_second_start_of_the_schedule_is_stopped_too(tmp_path: Path) -> None:
    late: list[str] = []

    def passing(account: Account, _seconds: float) -> None:
        scheduled = [each for each in account.executions if len(each.parameters) == 1]
        if scheduled and not late and account.rules[SCHEDULE] == RULE:
            late.append(account.start({"DataVersion": "2026-11-26T12:30:00Z"}).arn)

    account = Account(passing=passing)
    assert verify(account, tmp_path) == 0
    stopped = [request["PipelineExecutionArn"] for name, request in account.called if name == "StopPipelineExecution"]
    assert late[0] in stopped
    assert account.leftovers == []


def test_execution_that_is_not_known_at_once_is_waited_for(tmp_path: Path) -> None:
    asked: list[str] = []

    def describe(account: Account, request: dict[str, Any]) -> Any:
        asked.append(request["PipelineExecutionArn"])
        if asked.count(asked[-1]) == 1:
            raise account.error("ResourceNotFound", "DescribePipelineExecution")
        return {"PipelineExecutionStatus": account.look(request["PipelineExecutionArn"]).status}

    assert verify(Account(answers={"DescribePipelineExecution": describe}), tmp_path) == 0
    assert read(tmp_path)["runs"]["to be stopped"]["status"] == "Stopped"


def test_alarm_messages_are_distinguished_from_execution_messages(tmp_path: Path) -> None:
    def passing(account: Account, seconds: float) -> None:
        if seconds == 900.0:
            alarm = json.dumps({"AlarmName": FAULT, "NewStateValue": "ALARM"})
            for queue in account.queues.values():
                queue.append({"Type": "Notification", "TopicArn": TOPIC, "Message": alarm})

    assert verify(Account(passing=passing), tmp_path) == 1
    assert verdicts(tmp_path)["fault-suppressed"] == "refuted"
