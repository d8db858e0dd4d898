"""Cloud assemblies as `cdk synth` writes them, of pipelines that do next to nothing."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

INPUTS = [{"Name": name, "Type": "String", "DefaultValue": "s3://data/raw/"} for name in ("InputData", "DataVersion")]


def write_assembly(
    folder: Path,
    pipelines: list[str],
    *,
    groups: list[str] | tuple[str, ...] = (),
    stage: str = "dev",
    steps: tuple[dict[str, Any], ...] = (),
    parameters: Sequence[dict[str, Any]] = INPUTS,
) -> Path:
    """Write the assembly of a *stage* that has *pipelines*, of *steps*, and model package *groups* by these names."""
    properties = {"templateFile": "template.json", "tags": {"stage": stage}}
    environment = "aws://111122223333/eu-west-1"
    artifacts = {
        "S": {"type": "aws:cloudformation:stack", "environment": environment, "properties": properties},
        "S.assets": {"type": "cdk:asset-manifest", "properties": {"file": "assets.json"}},
    }
    resources = {name: _pipeline(name, steps, parameters) for name in pipelines} | {
        f"Group{name}": _resource("ModelPackageGroup", ModelPackageGroupName=name) for name in groups
    }
    _write(folder / "manifest.json", {"artifacts": artifacts})
    _write(folder / "template.json", {"Resources": resources})
    _write(folder / "assets.json", {"files": {}})
    return folder


def _pipeline(name: str, steps: Sequence[dict[str, Any]], parameters: Sequence[dict[str, Any]]) -> dict[str, Any]:
    definition = json.dumps({"Metadata": {"Of": name}, "Parameters": parameters, "Steps": steps})
    return _resource("Pipeline", PipelineName=name, PipelineDefinition={"PipelineDefinitionBody": definition})


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::SageMaker::{kind}", "Properties": properties}


def _write(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document))
