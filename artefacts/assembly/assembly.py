"""Reads a cloud assembly: the pipelines that it would deploy, and the files that it would upload."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artefacts.assembly.errors import AssemblyError
from artefacts.assembly.intrinsics import Account, Templates

# An assembly that is not bound to an account says so; any number does where nothing is deployed.
LOCAL_ACCOUNT = "000000000000"


@dataclass(frozen=True)
class Asset:
    """A file that `cdk deploy` would upload before it deploys."""

    path: Path
    bucket: str
    key: str


@dataclass(frozen=True)
class Function:
    """A Lambda function."""

    handler: str
    code: Path
    """Its archive."""
    timeout_s: float


@dataclass(frozen=True)
class Pipeline:
    """A pipeline that a stage of the assembly would deploy, and what is deployed with it."""

    name: str
    account: Account
    definition: dict[str, Any]
    """The parsed definition, with every name of the deployment in place."""
    package_groups: frozenset[str]
    assets: tuple[Asset, ...]
    functions: Mapping[str, Function]
    """Lambda functions by their ARNs."""

    @property
    def arn(self) -> str:
        """The pipeline's ARN."""
        return self.account.arn("sagemaker", f"pipeline/{self.name}")


def load(assembly: Path, stage: str) -> dict[str, Pipeline]:
    """Read the pipelines of *stage*, by their names, from the folder that `cdk synth` wrote.

        (pipeline,) = load(Path("cdk.out"), "dev").values()

    They share their account, package groups, assets and functions. Raises `AssemblyError` when there is none.
    """
    artifacts, stacks = _read_stacks(assembly, stage)
    account, region = next(iter(stacks.values()))["environment"].removeprefix("aws://").split("/")
    templates = Templates(
        stacks={name: _read(assembly / each["properties"]["templateFile"]) for name, each in stacks.items()},
        account=Account(account if account.isdigit() else LOCAL_ACCOUNT, region),
    )
    assets = [asset for name in stacks for asset in _assets(assembly, artifacts[f"{name}.assets"], name, templates)]
    functions = dict(_functions(templates, {asset.key: asset.path for asset in assets}))
    groups = frozenset(
        templates.resolve(group["ModelPackageGroupName"], name)
        for name, group in _resources(templates, "AWS::SageMaker::ModelPackageGroup")
    )
    pipelines = {
        name: Pipeline(name, templates.account, definition, groups, tuple(assets), functions)
        for name, definition in _definitions(templates)
    }
    if not pipelines:
        raise AssemblyError(f"stage {stage} of {assembly} has no pipeline: add one to a stack of the stage")
    return pipelines


def _read_stacks(assembly: Path, stage: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return all artifacts of the *assembly*, and those that are stacks of *stage*."""
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise AssemblyError(f"{assembly} is no cloud assembly: run make synth STAGE={stage}")
    artifacts: dict[str, Any] = _read(manifest)["artifacts"]
    stages = {
        name: str(each["properties"].get("tags", {}).get("stage"))
        for name, each in artifacts.items()
        if each["type"] == "aws:cloudformation:stack"
    }
    stacks = {name: artifacts[name] for name, of_stack in stages.items() if of_stack == stage}
    if not stacks:
        found = ", ".join(sorted(set(stages.values())))
        raise AssemblyError(f"stage {stage} is not in {assembly}, which has {found}: run make synth STAGE={stage}")
    return artifacts, stacks


def _definitions(templates: Templates) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the definition of each pipeline."""
    for stack, properties in _resources(templates, "AWS::SageMaker::Pipeline"):
        body = templates.resolve(properties["PipelineDefinition"]["PipelineDefinitionBody"], stack)
        yield templates.resolve(properties["PipelineName"], stack), json.loads(body)


def _resources(templates: Templates, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the properties of each resource of type *kind*, with the stack that it is in."""
    return [
        (stack, resource["Properties"])
        for stack, template in templates.stacks.items()
        for resource in template["Resources"].values()
        if resource["Type"] == kind
    ]


def _functions(templates: Templates, files: Mapping[str, Path]) -> Iterator[tuple[str, Function]]:
    for stack, template in templates.stacks.items():
        for name, resource in template["Resources"].items():
            if resource["Type"] == "AWS::Lambda::Function":
                properties = resource["Properties"]
                code = files[templates.resolve(properties["Code"]["S3Key"], stack)]
                arn = templates.resolve({"Fn::GetAtt": [name, "Arn"]}, stack)
                yield arn, Function(properties["Handler"], code.absolute(), properties["Timeout"])


def _assets(assembly: Path, artifact: dict[str, Any], stack: str, templates: Templates) -> Iterator[Asset]:
    for file in _read(assembly / artifact["properties"]["file"])["files"].values():
        if file["source"]["packaging"] != "file":
            raise AssemblyError(f"asset {file['displayName']} is packaged as {file['source']['packaging']}: use a file")
        for destination in file["destinations"].values():
            bucket = templates.resolve({"Fn::Sub": destination["bucketName"]}, stack)
            yield Asset(assembly / file["source"]["path"], bucket, destination["objectKey"])


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
