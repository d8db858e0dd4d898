"""Which execution a command is about."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from operations.cli.context import Context
    from operations.executions.on_aws import AwsExecutions
    from operations.executions.on_disk import LocalExecutions
    from operations.executions.source import Executions


TRAINING = "training"
OTHERS = {"scoring": "the pipeline that scores", "monitoring": "the pipeline that watches traffic"}


def add_pipeline(parser: argparse.ArgumentParser) -> None:
    """Add which pipeline is meant."""
    parser.set_defaults(pipeline=TRAINING)
    only_one = parser.add_mutually_exclusive_group()
    for name, what in OTHERS.items():
        told = f"{what}, not the one that trains"
        only_one.add_argument(f"--{name}", dest="pipeline", action="store_const", const=name, help=told)


def add_execution(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Add which execution is meant; the newest, unless it is *required* to say."""
    told = "its id, its ARN, or latest"
    if required:
        parser.add_argument("execution", help=told)
    else:
        parser.add_argument("execution", nargs="?", default="latest", help=f"{told} (%(default)s)")
    add_pipeline(parser)


def find_executions(options: argparse.Namespace, context: "Context") -> "Executions":
    """Return the executions among which the one that *options* name is."""
    return find_local(options, context) if options.local else find_on_aws(options, context)


def find_local(options: argparse.Namespace, context: "Context") -> "LocalExecutions":
    """Return those that the local runner keeps."""
    from operations.executions.on_disk import LocalExecutions

    return LocalExecutions(context.workspace / "executions", name_pipeline(options, context))


def find_on_aws(options: argparse.Namespace, context: "Context") -> "AwsExecutions":
    """Return those of the stage, or of the pipeline and region that are in an ARN."""
    from artefacts.execution.api import ExecutionArn
    from operations.executions.on_aws import AwsExecutions

    if arn := ExecutionArn.parse(getattr(options, "execution", "")):
        return AwsExecutions(arn.region, arn.pipeline, context.terminal.connect(arn.region))
    return AwsExecutions(context.stage.region, name_pipeline(options, context), context.aws)


def name_pipeline(options: argparse.Namespace, context: "Context") -> str:
    """Return the name of the pipeline that *options* mean."""
    stage = context.stage
    names = {"scoring": stage.scoring_pipeline_name, "monitoring": stage.monitoring_pipeline_name}
    return names.get(options.pipeline, stage.pipeline_name)
