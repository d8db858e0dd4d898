"""The version of the local model registry that a command is about, and what serves it."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from artefacts.assembly import load
from local_runner.choice import choose
from local_runner.errors import RefusedError
from local_runner.on_disk.model_registry import DirectoryRegistry, UnknownPackageError
from local_runner.on_disk.object_store import DirectoryStore
from local_runner.on_disk.workspace import Workspace
from local_runner.ports import Package

APPROVED = "Approved"
_NUMBER_DIGITS = 9


@dataclass(frozen=True)
class Group:
    """A model package group of a stage, and where its objects are."""

    name: str
    stage: str
    registry: DirectoryRegistry
    store: DirectoryStore


@dataclass(frozen=True)
class Version:
    """A registered version, with what its container would be given."""

    group: str
    number: int
    status: str
    created: str
    archive: Path
    """The model.tar.gz that answers raw records."""
    environment: Mapping[str, str]
    sample: Path
    """The sample payload's archive."""

    def __str__(self) -> str:
        return f"{self.group} version {self.number}"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which group is meant."""
    parser.add_argument("--group", help="the model package group, where the stage has several")
    parser.add_argument("--assembly", type=Path, default=Path("cdk.out"), help="what cdk synth wrote (%(default)s)")
    parser.add_argument("--stage", default="dev", help="the stage of it (%(default)s)")
    parser.add_argument("--workspace", type=Path, default=Path(".local"), help="where models are kept (%(default)s)")


def number(text: str) -> int:
    """Return the number of a version that is given as *text*, for an `argparse` parser."""
    if not (text.isdecimal() and len(text) <= _NUMBER_DIGITS):
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no version: give its number, as in 1")
    return int(text)


def find_group(options: argparse.Namespace) -> Group:
    """Return the group that the *options* of `add_options` mean; raise `RefusedError` where that is unclear."""
    # Of whichever pipeline: the registry is the account's.
    pipeline = next(iter(load(options.assembly, options.stage).values()))
    workspace = Workspace(options.workspace.absolute())
    name = choose(pipeline.package_groups, options.group, kind="model package group", option="--group")
    return Group(name, options.stage, workspace.registry(pipeline), workspace.store)


def find_version(group: Group, number: int | None) -> Version:
    """Return version *number* of *group*, or the newest that is approved; raise `RefusedError` where there is none."""
    package = _find_package(group, number)
    number = package["ModelPackageVersion"]
    try:
        container = package["AdditionalInferenceSpecifications"][0]["Containers"][0]
        version = Version(
            group.name,
            number,
            package["ModelApprovalStatus"],
            package["CreationTime"],
            Path(group.store.locate(container["ModelDataUrl"])),
            container["Environment"],
            Path(group.store.locate(package["SamplePayloadUrl"])),
        )
    except KeyError:
        raise RefusedError(
            f"version {number} of {group.name} has no serving artefact, it is from before there were any:"
            " register another with make run"
        ) from None
    for path in (version.archive, version.sample):
        if not path.is_file():
            raise RefusedError(f"{path} of {version} does not exist: register another with make run")
    return version


def _find_package(group: Group, number: int | None) -> Package:
    if number is not None:
        try:
            return group.registry.find(group.name, number)
        except UnknownPackageError as error:
            raise RefusedError(str(error)) from error
    versions = group.registry.list(group.name)
    if not versions:
        raise RefusedError(f"{group.name} has no version: register one with make run")
    newest_approved = next((each for each in versions if each["ModelApprovalStatus"] == APPROVED), None)
    if newest_approved is None:
        newest = versions[0]["ModelPackageVersion"]
        stage = "" if group.stage == "dev" else f" STAGE={group.stage}"
        raise RefusedError(
            f"no version of {group.name} is approved: approve one with"
            f" make approve VERSION={newest}{stage} ARGS=--local, or take one as it is with VERSION={newest}"
        )
    return newest_approved
