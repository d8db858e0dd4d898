"""One command line for all commands: what it lists, refuses and imports."""

import json
import subprocess
import sys

import pytest

from operations.cli.commands import COMMANDS
from tests.end_to_end.commands import ROOT
from tests.operations.command_line import run

SLOW = ("boto3", "botocore", "jinja2", "numpy", "pandas", "rich", "sagemaker", "settings")


def test_commands_are_listed_with_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    lines = capsys.readouterr().out.splitlines()
    listed = lines[lines.index("commands:") + 1 :][: len(COMMANDS)]
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert all(len(line.split()) > 3 for line in listed)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["teardwn"],
            "refused: there is no command 'teardwn': did you mean teardown?: see {PROGRAM} --help",
        ),
        (["xyz"], "refused: there is no command 'xyz': see {PROGRAM} --help"),
        (["teardown", "dev"], "refused: unrecognized arguments: dev: see {PROGRAM} teardown --help"),
        (["teardown", "--stage", "test"], "refused: stage 'test' does not exist: choose dev or prod"),
    ],
)
def test_wrong_command_line_is_refused_in_one_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert capsys.readouterr() == ("", f"{line}\n".replace("{PROGRAM}", "python -m operations"))


def test_help_of_no_command_imports_what_is_slow() -> None:
    """In one process for all, and by what is imported: a clock would fail on a busy machine."""
    code = f"""
import contextlib, io, json, sys
from operations.cli.commands import COMMANDS, main
texts = {{}}
for name in COMMANDS:
    with contextlib.redirect_stdout(io.StringIO()) as text, contextlib.suppress(SystemExit):
        main([name, "--help"], None)
    texts[name] = text.getvalue()
print(json.dumps([texts, [each for each in {SLOW} if each in sys.modules]]))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    texts, imported = json.loads(run.stdout)
    assert imported == []
    assert [name for name, text in texts.items() if f"usage: python -m operations {name}" not in text] == []
