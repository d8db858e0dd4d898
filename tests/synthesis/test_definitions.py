"""Definitions come from what is kept, or from a process of their own, whose refusals are the synthesis' own."""

import dataclasses
import sys
from pathlib import Path

import pytest

from settings import STAGES
from synthesis.definitions import REFUSED, Definitions, RefusedDefinitionError, are_kept, begin, compute_definition_key
from synthesis.kept import Kept
from synthesis.stage import choose_stage

DEV = STAGES["dev"]
MADE = Definitions('{"Steps": []}', scoring="")
INSTALLED = "all that is installed"
ENVIRONMENT = {"HOME": "/dev/null", "PATH": "/usr/bin"}


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What runs in the place of the process that makes definitions."""
    script = tmp_path / "python"
    monkeypatch.setattr(sys, "executable", str(script))
    return script


def write(script: Path, *lines: str) -> None:
    script.write_text("\n".join(("#!/bin/sh", *lines)))
    script.chmod(0o755)


def test_key_is_the_same_for_who_starts_the_process_and_in_it() -> None:
    of_starter = {**ENVIRONMENT, "HOME": "/home/ada", "CDK_CONTEXT_JSON": "{}", "LANG": "C"}
    in_process = {**ENVIRONMENT, "LANG": "C", "__CF_USER_TEXT_ENCODING": "0x1F5:0x0:0x0"}  # which macOS adds
    keys = {compute_definition_key(DEV, each, INSTALLED) for each in (of_starter, in_process)}
    assert len(keys) == 1
    assert compute_definition_key(DEV, {**of_starter, "LANG": "de_DE"}, INSTALLED) not in keys


def test_kept_definitions_are_taken_without_a_process(kept: Kept, script: Path) -> None:
    kept.keep(compute_definition_key(DEV, ENVIRONMENT, INSTALLED), MADE.to_json())
    with begin(DEV, kept, {**ENVIRONMENT, "CDK_CONTEXT_JSON": "{}", "SHLVL": "2"}, INSTALLED) as collect:
        assert collect() == MADE
    assert are_kept(DEV, kept, {**ENVIRONMENT, "HOME": "/home/ada"}, INSTALLED)
    assert not are_kept(STAGES["prod"], kept, ENVIRONMENT, INSTALLED)
    assert not script.exists()


def test_definitions_of_another_stage_or_of_an_edited_one_are_made(kept: Kept, script: Path) -> None:
    other = Definitions("made", scoring="anew")
    write(script, f"echo '{other.to_json().decode()}'")
    kept.keep(compute_definition_key(DEV, ENVIRONMENT, INSTALLED), MADE.to_json())
    for stage in (STAGES["prod"], dataclasses.replace(DEV, region="eu-central-1")):
        with begin(stage, kept, ENVIRONMENT, INSTALLED) as collect:
            assert collect() == other


def test_process_is_told_the_stage_and_where_to_keep_and_sees_few_variables(
    kept: Kept, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "ada")
    write(script, f"printf '%s ' \"$@\" > {kept.folder}/told", f"env > {kept.folder}/seen", f"exit {REFUSED}")
    environment = {**ENVIRONMENT, "AWS_PROFILE": "ada", "CDK_CONTEXT_JSON": "{}", "SHLVL": "2"}
    with begin(DEV, kept, environment, INSTALLED) as collect, pytest.raises(RefusedDefinitionError):
        collect()
    key = compute_definition_key(DEV, ENVIRONMENT, INSTALLED)
    told = (kept.folder / "told").read_text()
    assert told.split(" ") == ["-m", "synthesis", "dev", DEV.data_contract, "local", "", str(kept.folder), key, ""]
    assert "AWS_PROFILE" not in (kept.folder / "seen").read_text()


def test_process_makes_the_definitions_of_the_stage_that_the_context_made(kept: Kept, script: Path) -> None:
    write(script, f"printf '%s ' \"$@\" > {kept.folder}/told", f"exit {REFUSED}")
    watched = choose_stage({"stage": "dev", "monitoring": "on"})
    with begin(watched, kept, ENVIRONMENT, INSTALLED) as collect, pytest.raises(RefusedDefinitionError):
        collect()
    _, _, stage, contract, engine, monitoring, _, key, _ = (kept.folder / "told").read_text().split(" ")
    told = {"stage": stage, "contract": contract, "engine": engine, "monitoring": monitoring}
    assert choose_stage(told) == watched
    assert key == compute_definition_key(watched, ENVIRONMENT, INSTALLED)
    assert key != compute_definition_key(DEV, ENVIRONMENT, INSTALLED)


def test_refusal_keeps_its_words(kept: Kept, script: Path) -> None:
    write(script, "echo 'EmpBonusTraining: two problems'", "printf 'and another line'", f"exit {REFUSED}")
    with (
        begin(DEV, kept, ENVIRONMENT, INSTALLED) as collect,
        pytest.raises(RefusedDefinitionError, match=r"^EmpBonusTraining: two problems\nand another line$"),
    ):
        collect()


def test_process_is_ended_with_a_synthesis_that_fails_before_it(kept: Kept, script: Path) -> None:
    write(script, "sleep 1", f"touch {kept.folder}/ended-by-itself")
    with pytest.raises(KeyError), begin(DEV, kept, ENVIRONMENT, INSTALLED):
        raise KeyError  # whatever the synthesis fails with
    assert not (kept.folder / "ended-by-itself").exists()
