"""Assemblies as a changed application would make them, without another run of the CDK CLI."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from pipeline_definition import build_definition, build_monitoring_definition, build_scoring_definition
from settings import Stage
from stacks.application import add_stacks
from tests.end_to_end.commands import ROOT

Template = dict[str, Any]


def with_settings(stage: Stage, folder: Path, account: str | None = None) -> Path:
    """Return the assembly of the application for *stage*, with its settings changed, from a synthesis in this process.

    That the CDK CLI makes the same of the stages as they are set is shown by test_diff.py.
    """
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    app = cdk.App(context={**flags, "aws:cdk:enable-path-metadata": True}, outdir=str(folder))  # as the CLI has it
    scoring, monitoring = (
        build_scoring_definition(stage),
        build_monitoring_definition(stage) if stage.monitoring else "",
    )
    add_stacks(app, stage, account, definition=build_definition(stage), scoring=scoring, monitoring=monitoring)
    app.synth()
    return folder


def with_other_code(assembly: Path, copy: Path, job: str, change: Callable[[str], str]) -> Path:
    """Copy *assembly* with another archive of *job*, whose script *change* has changed.

    That a change of a job's code changes that archive, and its name, is shown by tests/stacks/test_code_archive.py.
    """
    shutil.copytree(assembly, copy)
    script = f"processing/jobs/{job}.py"
    (archive,) = (each for each in copy.glob("*.zip") if script in zipfile.ZipFile(each).namelist())
    with zipfile.ZipFile(archive) as file:
        members = {name: file.read(name).decode() for name in file.namelist()}
    members[script] = change(members[script])
    with zipfile.ZipFile(archive, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    name = archive.stem.removeprefix("asset.")
    archive.rename(archive.with_stem(f"asset.{_rename(copy, name, archive)}"))
    for assets in copy.glob("*.assets.json"):
        _rename_template(copy, assets)
    return copy


def with_other_template(assembly: Path, copy: Path, stack: str, change: Callable[[Template], None]) -> Path:
    """Copy *assembly* with the template of *stack* as *change* leaves it."""
    if not copy.exists():
        shutil.copytree(assembly, copy)
    path = copy / f"{stack}.template.json"
    template = json.loads(path.read_text(encoding="utf-8"))
    change(template)
    path.write_text(json.dumps(template), encoding="utf-8")
    _rename_template(copy, copy / f"{stack}.assets.json")
    return copy


def _rename_template(assembly: Path, assets: Path) -> None:
    files = json.loads(assets.read_text(encoding="utf-8"))["files"]
    for name, each in files.items():
        if each["source"]["path"].endswith(".template.json"):
            _rename(assembly, name, assembly / each["source"]["path"])


def _rename(assembly: Path, name: str, asset: Path) -> str:
    """Name an asset after its content, by which the CDK CLI knows what is uploaded already, and return the name."""
    new = hashlib.sha256(asset.read_bytes()).hexdigest()
    for path in assembly.glob("*.json"):
        path.write_text(path.read_text(encoding="utf-8").replace(name, new), encoding="utf-8")
    return new
