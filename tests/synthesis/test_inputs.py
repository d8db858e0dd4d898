"""A key changes with every kind of input, and with nothing else: no edit finds what was kept before it."""

import dataclasses
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from settings import STAGES, Stage, Tuning
from synthesis.inputs import (
    SOURCES,
    compute_key,
    fingerprint,
    installed_here,
    select_definition_environment,
    select_effective,
    select_environment,
)

FILES = (
    *("app.py", "cdk.json", "settings/stages.py", "settings/checks/jobs.py", "pipeline_definition/steps/train.py"),
    *("artefacts/definition/graph.py", "schemas/evaluation.schema.json", "synthesis/build.py", "stacks/names.py"),
    *("processing/jobs/split.py", "processing/contract/data_contract.toml", "inference/wsgi.py", "functions/find.py"),
    *("docs/glossary.md", "tests/conftest.py", "settings/__pycache__/stages.cpython-311.pyc"),
)
PACKAGES = ("sagemaker/core/session.py", "sagemaker-3.27.0.dist-info/RECORD", "aws_cdk/__init__.py")


@dataclass
class Synthesis:
    """A little project with all that its synthesis is made of; tests change it."""

    root: Path
    packages: Path
    node: Path
    environment: dict[str, str]
    stage: Stage = STAGES["dev"]
    contract: bytes = b"minimum_rows = 100"
    python: str = "3.12.1 (main, Nov 27 2026)"

    def key(self) -> str:
        seen = select_effective(select_environment(self.environment))
        tools = fingerprint([self.packages], [self.node], version=self.python)
        return compute_key(self.root, SOURCES, self.stage, self.contract, seen, tools)

    def replace(self, **changes: object) -> None:
        self.stage = dataclasses.replace(self.stage, **changes)  # type: ignore[arg-type]  # whatever a test changes


@pytest.fixture
def synthesis(tmp_path: Path) -> Synthesis:
    for name in (*(f"project/{file}" for file in FILES), *(f"packages/{file}" for file in PACKAGES), "node"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")
    for name in ("project/stacks", "packages"):
        write(tmp_path / "linked" / name / "more.py")
        (tmp_path / name / "linked").symlink_to(tmp_path / "linked" / name)
    (tmp_path / "packages/dangling.py").symlink_to(tmp_path / "nothing")
    environment = {"HOME": "/home/ada", "CDK_OUTDIR": "/tmp/a", "CDK_CONTEXT_JSON": "{}", "PATH": "/usr/bin"}  # noqa: S108
    return Synthesis(tmp_path / "project", tmp_path / "packages", tmp_path / "node", environment)


def edit_unnoticed(path: Path) -> None:
    """Change a letter, and neither the size nor the time: as a fast edit does, and some checkouts."""
    stat = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("#", "!"), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def write(path: Path, text: str = "# new\n") -> None:
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, encoding="utf-8")


SOURCE_EDITS: Mapping[str, Callable[[Synthesis], object]] = {
    **{
        f"{name} is edited": lambda it, name=name: edit_unnoticed(it.root / name)  # type: ignore[misc]  # a default
        for name in FILES
        if name.startswith(SOURCES) and "__pycache__" not in name
    },
    "a module is added": lambda it: write(it.root / "settings/more.py"),
    "a module is deleted": lambda it: (it.root / "pipeline_definition/steps/train.py").unlink(),
    "a module is renamed": lambda it: (it.root / "stacks/names.py").rename(it.root / "stacks/named.py"),
    "two modules are swapped": lambda it: swap(it.root / "stacks/names.py", it.root / "inference/wsgi.py"),
    "a schema is added": lambda it: write(it.root / "schemas/more.schema.json"),
    "a file in a folder elsewhere is edited": lambda it: edit_unnoticed(
        it.root.parent / "linked/project/stacks/more.py"
    ),
    "a module hides another": lambda it: write(it.root / "json.py"),
    "a package hides another": lambda it: write(it.root / "sagemaker/__init__.py"),
}
OTHER_EDITS: Mapping[str, Callable[[Synthesis], object]] = {
    "another stage": lambda it: setattr(it, "stage", STAGES["prod"]),
    "another setting": lambda it: it.replace(region="eu-central-1"),
    "another nested setting": lambda it: it.replace(
        retention=dataclasses.replace(it.stage.retention, intermediates_days=9)
    ),
    "a search in the place of a training": lambda it: it.replace(
        training=dataclasses.replace(it.stage.training, tuning=Tuning())
    ),
    "another data contract": lambda it: it.replace(data_contract="hr.contract.toml"),
    "an edited data contract": lambda it: setattr(it, "contract", b"minimum_rows = 101"),
    "another context": lambda it: it.environment.update(CDK_CONTEXT_JSON='{"@aws-cdk/core:x": true}'),
    "an account": lambda it: it.environment.update(CDK_DEFAULT_ACCOUNT="111122223333"),
    "validation is switched off": lambda it: it.environment.update(CDK_VALIDATION="false"),
    "another home": lambda it: it.environment.update(HOME="/home/bob"),
    "a variable less": lambda it: it.environment.pop("HOME"),
    "another Python": lambda it: setattr(it, "python", "3.13.1 (main, Nov 27 2026)"),
    "another Node": lambda it: write(it.node, "another"),
    "a package is edited in place": lambda it: write(it.packages / "sagemaker/core/session.py", "patched\n"),
    "a package elsewhere is edited": lambda it: write(it.root.parent / "linked/packages/more.py", "patched\n"),
    "a package is updated": lambda it: (it.packages / "sagemaker-3.27.0.dist-info").rename(
        it.packages / "sagemaker-3.28.0.dist-info"
    ),
    "a package is added": lambda it: write(it.packages / "more/__init__.py"),
    "a package is removed": lambda it: shutil.rmtree(it.packages / "aws_cdk"),
}
EDITS = {**SOURCE_EDITS, **OTHER_EDITS}


def swap(one: Path, other: Path) -> None:
    texts = one.read_text(encoding="utf-8"), other.read_text(encoding="utf-8")
    other.write_text(texts[0], encoding="utf-8")
    one.write_text(texts[1], encoding="utf-8")


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_every_edit_of_what_a_result_is_made_of_gives_another_key(
    synthesis: Synthesis, edit: Callable[[Synthesis], object]
) -> None:
    before = synthesis.key()
    assert synthesis.key() == before
    edit(synthesis)
    assert synthesis.key() != before


NO_EDITS: Mapping[str, Callable[[Synthesis], object]] = {
    "a page": lambda it: edit_unnoticed(it.root / "docs/glossary.md"),
    "a test": lambda it: edit_unnoticed(it.root / "tests/conftest.py"),
    "compiled code": lambda it: edit_unnoticed(it.root / "settings/__pycache__/stages.cpython-311.pyc"),
    "another folder to write to": lambda it: it.environment.update(CDK_OUTDIR="/tmp/b"),  # noqa: S108
    "a variable that nothing is told": lambda it: it.environment.update(SHLVL="3"),
    "an edit that is undone": lambda it: undone(it.root / "settings/stages.py"),
}


def undone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text("something else", encoding="utf-8")
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("edit", NO_EDITS.values(), ids=NO_EDITS)
def test_key_stays_with_what_no_result_is_made_of(synthesis: Synthesis, edit: Callable[[Synthesis], object]) -> None:
    before = synthesis.key()
    edit(synthesis)
    assert synthesis.key() == before


def test_every_variable_in_sight_of_a_synthesis_is_in_its_key_unless_it_says_where_something_is() -> None:
    names = ("CDK_OUTDIR", "CDK_ERROR_FILE", "CDK_PERF_COUNTERS_FILE", "TMPDIR", "SYNTHESIS_KEPT", "PATH")
    environment = dict.fromkeys((*names, "AWS_PROFILE", "NODE_OPTIONS", "PYTHONPATH", "EDITOR"), "x")
    seen = select_environment(environment)
    assert seen.keys() == environment.keys() - {"EDITOR"}
    assert seen.keys() - select_effective(seen).keys() == set(names)


def test_variables_of_the_cdk_and_files_of_the_user_are_out_of_sight_of_what_makes_definitions() -> None:
    environment = dict.fromkeys(
        ("CDK_CONTEXT_JSON", "AWS_PROFILE", "SAGEMAKER_ROLE", "HOME", "LC_ALL", "PYTHONPATH"), "x"
    )
    assert select_definition_environment(environment) == {"HOME": "/dev/null", "LC_ALL": "x", "PYTHONPATH": "x"}


def test_variables_that_programs_need_to_start_or_to_reach_a_registry_stay_in_sight() -> None:
    loaders = dict.fromkeys(("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "NIX_LD"), "x")
    registry = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "no_proxy", "PIP_INDEX_URL", "SSL_CERT_FILE"), "x")
    assert select_environment({**loaders, **registry}) == {**loaders, **registry}
    assert select_definition_environment({**loaders, **registry}) == {**loaders, "HOME": "/dev/null"}


def test_node_that_a_variable_names_is_found_as_the_cdk_finds_it(tmp_path: Path) -> None:
    found = []
    for number in range(2):
        write(tmp_path / "node-22", "x" * number)
        (tmp_path / "node-22").chmod(0o755)
        found.append(installed_here({"JSII_NODE": "node-22", "PATH": str(tmp_path)}))
    assert found[0] != found[1]
