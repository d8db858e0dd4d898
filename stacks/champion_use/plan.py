"""What sets the pipelines that use the champion apart from each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pipeline_definition import names
from settings import MODELS_PREFIX, MONITORING_PREFIX
from stacks.operations.notifications import Notification

BASELINES = f"{MODELS_PREFIX}*/{names.DATA_QUALITY}/{names.DATA_QUALITY_FILE}"
"""Keys of what models were trained on, which traffic is compared with."""
FINDINGS = f"{MONITORING_PREFIX}*/{names.MONITORING_FILE}"
"""Keys of what was found of it, whichever pipeline found it."""


@dataclass(frozen=True, kw_only=True)
class PipelinePlan:
    """One such pipeline: what it is called, what its jobs may do, what starts it and what is told of it."""

    use: str
    """One word, such as `scoring`."""
    stack_name: str
    pipeline_name: str
    description: str
    definition: str
    jobs: Sequence[str]
    """Modules of `processing.jobs`."""
    reads: Sequence[str]
    """Keys of the data bucket that jobs read, patterns all."""
    writes: Sequence[str]
    figures: Sequence[str] = ()
    """Keys of the property files."""
    add_functions: Callable[[Construct], Mapping[str, lambda_.IFunction]] = lambda _: {}
    """Adds what steps call but the champion finder; returns it by placeholder."""
    add_starts: Callable[[Construct, str, sqs.IQueue], Mapping[str, events.CfnRule]]
    """Adds the rules that start something, for the pipeline's ARN and with the queue of failed starts."""
    told: Callable[[str], Mapping[str, Notification]]
    """What there is to tell of the pipeline with this ARN."""
