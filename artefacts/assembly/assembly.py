"""Reads a cloud assembly: the pipeline that it would deploy, and the files that it would upload."""

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
    """What a stage of the assembly would deploy."""

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


def load(assembly: Path, stage: str) -> Pipeline:
    """Read the pipeline of *stage* from the folder that `cdk synth` wrote; raise `AssemblyError` when it has none."""
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise AssemblyError(f"{assembly} is no cloud assembly: run make synth STAGE={stage}")
    artifacts = _read(manifest)["artifacts"]
    stacks = {name: each for name, each in artifacts.items() if each["type"] == "aws:cloudformation:stack"}
    of_stage = {name: each for name, each in stacks.items() if each["properties"].get("tags", {}).get("stage") == stage}
    if not of_stage:
        found = sorted({str(each["properties"].get("tags", {}).get("stage")) for each in stacks.values()})
        raise AssemblyError(
            f"stage {stage} is not in {assembly}, which has {', '.join(found)}: run make synth STAGE={stage}"
        )
    account, region = next(iter(of_stage.values()))["environment"].removeprefix("aws://").split("/")
    templates = Templates(
        stacks={name: _read(assembly / each["properties"]["templateFile"]) for name, each in of_stage.items()},
        account=Account(account if account.isdigit() else LOCAL_ACCOUNT, region),
    )
    (stack, properties), *more = _resources(templates, "AWS::SageMaker::Pipeline") or [("", {})]
    if more or not stack:
        raise AssemblyError(f"stage {stage} of {assembly} has {len(more) + bool(stack)} pipelines: it must have one")
    assets = [asset for name in of_stage for asset in _assets(assembly, artifacts[f"{name}.assets"], name, templates)]
    return Pipeline(
        name=templates.resolve(properties["PipelineName"], stack),
        account=templates.account,
        definition=json.loads(templates.resolve(properties["PipelineDefinition"]["PipelineDefinitionBody"], stack)),
        package_groups=frozenset(
            templates.resolve(group["ModelPackageGroupName"], name)
            for name, group in _resources(templates, "AWS::SageMaker::ModelPackageGroup")
        ),
        assets=tuple(assets),
        functions=dict(_functions(templates, {asset.key: asset.path for asset in assets})),
    )


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
