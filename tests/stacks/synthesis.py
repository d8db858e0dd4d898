"""Synthesizes stacks as the application does, without the CLI."""

import dataclasses
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from settings import Stage, find_stage
from stacks.application import add_deployment, add_monitoring, add_scoring
from stacks.shared.stack import StorageStack
from stacks.training.stack import PipelineStack

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Synthesis:
    """The templates of one stage."""

    storage: dict[str, Any]
    pipeline: dict[str, Any]
    manifest: dict[str, Any]
    scoring: dict[str, Any]
    """Without resources where it was not asked for; `resources` has none of it."""
    monitoring: dict[str, Any]
    """The same."""
    deployment: dict[str, Any]
    """Without resources where the stage does not ask for it."""

    @property
    def templates(self) -> tuple[dict[str, Any], ...]:
        """All templates but those of scoring and monitoring, in the order of their deployment."""
        return self.storage, self.pipeline, self.deployment

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the resources of type *kind* of all stacks, by their path in the construct tree."""
        return {
            resource["Metadata"]["aws:cdk:path"]: resource
            for template in self.templates
            for resource in template["Resources"].values()
            if resource["Type"] == kind
        }

    def logical_id(self, path: str) -> str:
        """Return the logical id of the resource at *path* in the construct tree."""
        resources: dict[str, dict[str, Any]] = {}
        for template in self.templates:
            resources |= template["Resources"]
        return next(name for name, each in resources.items() if each["Metadata"]["aws:cdk:path"] == path)

    def one(self, kind: str) -> dict[str, Any]:
        """Return the only resource of type *kind*."""
        (resource,) = self.resources(kind).values()
        return resource


def synthesize(stage: str | Stage, definition: str, scoring: str = "", monitoring: str = "") -> Synthesis:
    """Return what the application makes of *definition* for *stage*, and of *scoring* and *monitoring*, if any."""
    settings = find_stage(stage) if isinstance(stage, str) else stage
    # As the CLI does it: with the feature flags of cdk.json, and each resource telling where it comes from.
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    context["aws:cdk:enable-path-metadata"] = True
    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(context=context, outdir=folder)
        env = cdk.Environment(region=settings.region)
        storage = StorageStack(app, stage=settings, env=env)
        PipelineStack(
            app, stage=settings, definition=definition, data_bucket=storage.data_bucket, key=storage.key, env=env
        )
        if scoring:
            add_scoring(app, storage, settings, scoring, env)
        if monitoring:
            add_monitoring(app, storage, settings, monitoring, env)
        add_deployment(app, storage, settings, definition, env)
        app.synth()

        def read(name: str) -> dict[str, Any]:
            document: dict[str, Any] = json.loads((Path(folder) / name).read_text(encoding="utf-8"))
            return document

        return Synthesis(
            storage=read(f"{settings.storage_stack}.template.json"),
            pipeline=read(f"{settings.pipeline_stack}.template.json"),
            manifest=read("manifest.json"),
            scoring=read(f"{settings.scoring_stack}.template.json") if scoring else {"Resources": {}},
            monitoring=read(f"{settings.monitoring_stack}.template.json") if monitoring else {"Resources": {}},
            deployment=read(f"{settings.deployment_stack}.template.json") if settings.deployment else {"Resources": {}},
        )


def changed(stage: str, **changes: Any) -> Stage:
    """Return a stage with some settings changed."""
    return dataclasses.replace(find_stage(stage), **changes)
