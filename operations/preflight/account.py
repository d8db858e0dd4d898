"""Who asks, and whether the region and the account have the services that the stacks need."""

import functools
from collections.abc import Callable, Iterator, Mapping

import boto3
from botocore.exceptions import BotoCoreError, ClientError, UnknownRegionError
from botocore.parsers import ResponseParserError

from operations.aws import Aws
from operations.aws_errors import INVALID, read_error
from operations.preflight.findings import Finding, cannot_ask, fails, ok
from operations.preflight.refusals import CannotAskError, explain, explain_silence
from settings import Stage

SERVICES = (
    *("cloudformation", "cloudwatch", "events", "kms", "lambda", "logs"),
    *("s3", "sagemaker", "service-quotas", "sns", "sqs", "ssm"),
)
ALWAYS_ON = "us-east-1"
"""A region that no account can turn off."""

PROBES: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "lambda": ("list_functions", {"MaxItems": 1}),
    "sqs": ("list_queues", {"MaxResults": 1}),
    "sns": ("list_topics", {}),
    "events": ("list_rules", {"Limit": 1}),
    "cloudwatch": ("describe_alarms", {"MaxRecords": 1}),
    "logs": ("describe_log_groups", {"limit": 1}),
    "kms": ("list_aliases", {"Limit": 1}),
}
"""A harmless question for each service that no other check asks before a deployment."""


def identify(stage: Stage, connect: Callable[[str], Aws]) -> Finding:
    """Return whose credentials these are; raise `CannotAskError` when nobody's, or nobody answers."""
    try:
        if missing := _list_missing_services(stage.region):
            what = f"region {stage.region} has no {', '.join(missing)}, as far as boto3 {boto3.__version__} knows"
            return fails(what, "choose another region in settings/stages.py")
        caller = connect(stage.region).client("sts").get_caller_identity()
    except ClientError as error:
        if read_error(error)[0] in INVALID and _is_accepted(connect):
            return _not_enabled(stage.region)
        raise CannotAskError(explain(error)) from error
    except BotoCoreError as error:
        raise CannotAskError(explain_silence(error)) from error
    except (ValueError, ResponseParserError) as error:  # an endpoint that is no URL, or is not AWS's
        raise CannotAskError(cannot_ask(str(error).partition("\n")[0], "check AWS_ENDPOINT_URL")) from error
    return ok(f"{caller['Account']} in {stage.region}, as {caller['Arn']}")


def check_services(stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Yield which services the account does not have: on the free plan, or where its organisation denies them."""
    answered = []
    for service, (operation, request) in PROBES.items():
        try:
            getattr(aws.client(service), operation)(**request)
            answered.append(service)
        except ClientError as error:
            yield explain(error)
    if answered:
        yield ok(f"{', '.join(answered)} answer in {stage.region}")


@functools.cache  # botocore takes half a second to read its regions
def _list_missing_services(region: str) -> list[str]:
    """Return the services that a region is not known to have; nobody is asked."""
    session = boto3.Session()
    try:
        partition = session.get_partition_for_region(region)
    except UnknownRegionError:
        return list(SERVICES)
    return [each for each in SERVICES if region not in session.get_available_regions(each, partition)]


def _is_accepted(connect: Callable[[str], Aws]) -> bool:
    """Return whether the credentials are good in another region."""
    try:
        connect(ALWAYS_ON).client("sts").get_caller_identity()
    except (ClientError, BotoCoreError):
        return False
    return True


def _not_enabled(region: str) -> Finding:
    """Return what it means that a region refuses credentials that another takes: boto/boto3 issue 3975."""
    return fails(
        f"region {region} refuses credentials that {ALWAYS_ON} accepts: the account has not enabled it,"
        " or they are a session of the global STS endpoint",
        f"aws account enable-region --region-name {region}, or log in with AWS_STS_REGIONAL_ENDPOINTS=regional",
    )
