"""A stack that has operations and just what they need."""

import json
import tempfile
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs

from settings import Stage
from stacks.operations.operations import Operations

ROOT = Path(__file__).parents[2]
EVENTS = Path(__file__).parent / "events"

PIPELINE = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/emp-bonus-training-pipeline"

Resource = dict[str, Any]
Template = dict[str, Any]


def operated(stage: Stage, folder: Path | None = None) -> Template:
    """Return the template of a stack with the operations of *stage*; keep it in *folder* if asked."""
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    context["aws:cdk:enable-path-metadata"] = True
    with tempfile.TemporaryDirectory() as temporary:
        outdir = folder or Path(temporary)
        app = cdk.App(context=context, outdir=str(outdir))
        stack = cdk.Stack(app, stage.pipeline_stack, env=cdk.Environment(region=stage.region))
        Operations(
            stack,
            "Operations",
            stage=stage,
            pipeline_arn=PIPELINE,
            rules={
                "ScheduledStart": events.CfnRule(stack, "ScheduledStart", schedule_expression=stage.schedule.expression)
            },
            failed_starts=sqs.Queue(stack, "FailedStarts"),
            key=kms.Key(stack, "Key"),
        )
        app.synth()
        template: Template = json.loads((outdir / f"{stage.pipeline_stack}.template.json").read_text(encoding="utf-8"))
        return template


def resources(template: Template, kind: str) -> dict[str, Resource]:
    """Return the resources of type *kind*, by their path below `Operations`."""
    return {
        resource["Metadata"]["aws:cdk:path"].partition("/Operations/")[2]: resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == kind and "/Operations/" in resource["Metadata"]["aws:cdk:path"]
    }


def sample(name: str, **detail: Any) -> dict[str, Any]:
    """Return a sample event with some fields of its detail changed; None takes a field away."""
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    changed = {**event["detail"], **detail}
    return {**event, "detail": {field: value for field, value in changed.items() if value is not None}}
