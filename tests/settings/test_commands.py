"""Every command that takes a stage tells in one line what is wrong with its options, before AWS is asked."""

import dataclasses
from collections.abc import Callable

import pytest

import pipeline_definition.__main__ as pipeline_definition
import settings.stage_names
from settings import STAGES, Schedule
from tests.operations import command_line

COMMANDS: dict[str, Callable[[], int]] = {
    "pipeline_definition": lambda: pipeline_definition.main(["dev"]),
    "operations": lambda: command_line.run("preflight"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_options_that_are_wrong_are_refused_in_one_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    schedule = Schedule(expression="rate(1 days)", period_hours=24, enabled=True)
    monkeypatch.setattr(settings.stage_names, "STAGES", {"dev": dataclasses.replace(STAGES["dev"], schedule=schedule)})
    assert COMMANDS[command]() == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("schedule.expression is 'rate(1 days)': write rate(1 day)")
