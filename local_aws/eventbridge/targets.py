"""How each kind of target is reached: pipelines and machines in the target's role, topics and queues by their policies.

What needs neither is left to MiniStack.
"""

from botocore.exceptions import BotoCoreError, ClientError
from ministack.services import eventbridge

from local_aws.eventbridge.errors import DeliveryError, refused, unreachable
from local_aws.eventbridge.invocation import Invocation
from local_aws.eventbridge.resource_policy import require
from local_aws.iam.errors import AccessDeniedError

_reach_by_itself = eventbridge._invoke_target
"""MiniStack's own delivery; it reports no failure."""


def reach(invocation: Invocation) -> None:
    """Deliver once, or raise the `DeliveryError` that says why not."""
    try:
        _reach(invocation)
    except ClientError as error:
        raise refused(error) from error
    except BotoCoreError as error:
        raise unreachable(error) from error


def leave(invocation: Invocation) -> None:
    """Let MiniStack deliver."""
    _reach_by_itself(invocation.target, invocation.record, invocation.rule, invocation.view)


def _reach(invocation: Invocation) -> None:
    match invocation.target_arn.split(":", 5):
        case [_, _, "sagemaker", _, _, _]:
            _start_pipeline(invocation)
        case [_, _, "states", *_]:
            _start_machine(invocation)
        case [_, _, "sns", *_]:
            require("sns:Publish", invocation.target_arn, rule=invocation.rule_arn)
            leave(invocation)
        case [_, _, "sqs", *_]:
            require("sqs:SendMessage", invocation.target_arn, rule=invocation.rule_arn)
            leave(invocation)
        case _:
            leave(invocation)


def _start_machine(invocation: Invocation) -> None:
    try:
        invocation.session().require("states:StartExecution", invocation.target_arn)
    except AccessDeniedError as error:
        raise DeliveryError("NO_PERMISSIONS", str(error)) from error
    leave(invocation)


def _start_pipeline(invocation: Invocation) -> None:
    given = invocation.target.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
    invocation.session().client("sagemaker").start_pipeline_execution(
        PipelineName=invocation.target_arn,
        PipelineParameters=[{"Name": each["Name"], "Value": invocation.value(each["Value"])} for each in given],
    )
