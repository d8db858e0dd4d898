"""`make` alone lists every command, and each has its one line."""

import os
import re
import shlex
import subprocess

import pytest

from tests.end_to_end.commands import ROOT


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a shell, also when make runs these tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_make_lists_every_command_with_one_line() -> None:
    listed = make().stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert [line.split()[1] for line in listed.splitlines()] == phony[1].split()
    assert all(len(line.split()) > 3 for line in listed.splitlines())


@pytest.mark.parametrize(
    ("target", "variable", "form"),
    [
        ("run", "INPUT", "{}"),
        ("run", "STAGE", "{}"),
        ("synth", "STAGE", "stage={}"),
        ("run", "CONTRACT", "contract={}"),
        ("deploy", "CONTRACT", "contract={}"),
        ("cdk-diff", "STAGE", "emp-bonus-{}-*"),
        ("diff", "BASE", "{}"),
        ("deploy", "STAGE", "emp-bonus-{}-*"),
        ("destroy", "STAGE", "emp-bonus-{}-*"),
        ("preflight", "STAGE", "{}"),
        ("teardown", "STAGE", "{}"),
        ("report", "EXECUTION", "{}"),
        ("start", "STAGE", "{}"),
        ("watch", "STAGE", "{}"),
        ("list", "STAGE", "{}"),
        ("approve", "STAGE", "{}"),
        ("approve", "VERSION", "{}"),
        ("verify-account", "STAGE", "{}"),
        ("rollback-model", "REASON", "{}"),
        ("contract", "INPUT", "{}"),
        ("contract", "OUT", "{}"),
        ("serve", "STAGE", "{}"),
        ("serve", "VERSION", "{}"),
        ("serve", "PORT", "{}"),
        ("predict", "INPUT", "{}"),
        ("predict", "OUT", "{}"),
        ("predict", "VERSION", "{}"),
        ("mock-data", "OUT", "{}"),
        ("mock-data", "ROWS", "{}"),
    ],
)
def test_make_variables_are_quoted_as_one_word(target: str, variable: str, form: str) -> None:
    given = 'HR export\'s "new"; `ls`, $HOME.csv'
    recipe = make("--dry-run", target, f"{variable}={given.replace('$', '$$')}")
    assert recipe.returncode == 0, recipe.stderr
    lines = [shlex.split(line) for line in recipe.stdout.replace("\\\n", " ").splitlines() if "HR export" in line]
    words = [word for line in lines for word in line if "HR" in word]
    assert form.format(given) in words
    assert all(given in word for word in words)


def test_wrong_python_is_refused_in_one_line() -> None:
    run = make("-B", ".venv/.ready", "PYTHON=no-such-python")
    assert run.returncode != 0
    assert "setup: no Python 3.11 to 3.13 found: install one, or name it with make PYTHON=..." in run.stderr
