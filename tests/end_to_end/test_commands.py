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
    ("target", "forms"),
    [
        ("run", {"INPUT": "{}", "STAGE": "{}", "CONTRACT": "contract={}"}),
        ("synth", {"STAGE": "stage={}"}),
        ("deploy", {"CONTRACT": "contract={}", "STAGE": "emp-bonus-{}-*"}),
        ("cdk-diff", {"STAGE": "emp-bonus-{}-*"}),
        ("diff", {"BASE": "{}", "HEAD": "{}"}),
        ("destroy", {"STAGE": "emp-bonus-{}-*"}),
        ("preflight", {"STAGE": "{}"}),
        ("teardown", {"STAGE": "{}"}),
        ("report", {"EXECUTION": "{}"}),
        ("start", {"STAGE": "{}"}),
        ("watch", {"STAGE": "{}"}),
        ("list", {"STAGE": "{}"}),
        ("approve", {"STAGE": "{}", "VERSION": "{}"}),
        ("verify-account", {"STAGE": "{}"}),
        ("rollback-model", {"REASON": "{}"}),
        ("contract", {"INPUT": "{}", "OUT": "{}"}),
        ("serve", {"STAGE": "{}", "VERSION": "{}", "PORT": "{}", "CAPTURE": "{}"}),
        ("monitor", {"INPUT": "{}", "STAGE": "{}"}),
        ("predict", {"INPUT": "{}", "OUT": "{}", "VERSION": "{}"}),
        ("mock-data", {"OUT": "{}", "ROWS": "{}"}),
    ],
)
def test_make_variables_are_quoted_as_one_word_each(target: str, forms: dict[str, str]) -> None:
    given = {variable: f'{variable} isn\'t "new"; `ls`, $HOME.csv' for variable in forms}
    recipe = make("--dry-run", target, *(f"{name}={value.replace('$', '$$')}" for name, value in given.items()))
    assert recipe.returncode == 0, recipe.stderr
    lines = [shlex.split(line) for line in recipe.stdout.replace("\\\n", "").splitlines() if '"new"' in line]
    words = [word for line in lines for word in line if '"new"' in word]
    assert {form.format(given[variable]) for variable, form in forms.items()} <= {*words}
    assert [word for word in words if not any(value in word for value in given.values())] == []


def test_make_monitor_synthesizes_and_runs_the_pipeline_that_a_stage_has_only_with_monitoring() -> None:
    recipe = make("--dry-run", "monitor").stdout
    assert "--context 'monitoring=on'" in recipe
    assert "--pipeline 'emp-bonus-monitoring-pipeline-dev'" in recipe
    assert "monitoring=" not in make("--dry-run", "run").stdout


def test_wrong_python_is_refused_in_one_line() -> None:
    run = make("-B", ".venv/.ready", "PYTHON=no-such-python")
    assert run.returncode != 0
    assert "setup: no Python 3.11 to 3.13 found: install one, or name it with make PYTHON=..." in run.stderr
