"""What a deployed stage lacks for its first run, and for somebody to hear of it."""

from collections.abc import Iterator

from operations.aws import Aws
from operations.preflight.findings import Finding, fails, later, ok
from operations.preflight.names import is_deployed, list_telling_stacks
from settings import RAW_PREFIX, Stage

RAW_SUFFIXES = (".csv", ".csv.gz")
"""All that the jobs read."""
PENDING = "PendingConfirmation"
"""What SNS says in place of the ARN of a subscription that nobody has confirmed."""
DELETED = "Deleted"
"""The same for a while of one that its owner has ended: ansible/ansible pull request 20086."""


def check_data(stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Yield whether there is anything to train on."""
    if not is_deployed(stage.storage_stack, aws):
        yield later(stage.storage_stack)
        return
    outputs = aws.cloudformation.describe_stacks(StackName=stage.storage_stack)["Stacks"][0].get("Outputs", [])
    bucket = next(each["OutputValue"] for each in outputs if each["OutputKey"] == "DataBucketName")
    prefix = f"s3://{bucket}/{RAW_PREFIX}"
    if _has_data(bucket, aws):
        yield ok(f"there is data below {prefix}")
        return
    yield fails(
        f"no {' or '.join(RAW_SUFFIXES)} file is below {prefix}: a run on it fails", f"aws s3 cp FILE.csv {prefix}"
    )


def check_subscribers(stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Yield the addresses that do not get what is sent, or that nobody does; each stack has a topic of its own."""
    for stack in list_telling_stacks(stage):
        yield from _check_topic(stack, stage, aws)


def _check_topic(stack: str, stage: Stage, aws: Aws) -> Iterator[Finding]:
    if not is_deployed(stack, aws):
        yield later(stack)
        return
    topic = find_topic(stack, aws)
    subscribe = (
        f"aws sns subscribe --region {stage.region} --topic-arn {topic} --protocol email --notification-endpoint"
    )
    pages = aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    found = [each for page in pages for each in page["Subscriptions"] if each["SubscriptionArn"] != DELETED]
    arns = {each["Endpoint"]: each["SubscriptionArn"] for each in found}
    pending = sorted(address for address, arn in arns.items() if arn == PENDING)
    gone = sorted(set(stage.operations.notified) - arns.keys())
    for address in pending:
        yield fails(
            f"{address} has not confirmed its subscription: nothing is sent to it",
            f"follow the link in the mail that AWS sent, or have another sent: {subscribe} {address}",
        )
    for address in gone:
        yield fails(
            f"{address} of settings/stages.py is not subscribed: nothing is sent to it", f"{subscribe} {address}"
        )
    if not arns and not gone:
        remedy = (
            f"{subscribe} ADDRESS, or Operations(notified=...) in settings/stages.py and make deploy STAGE={stage.name}"
        )
        yield fails("nobody is subscribed: no one hears of a failed execution", remedy)
    if confirmed := len(arns) - len(pending):
        yield ok(f"{confirmed} subscribed to {topic}")


def check_rules(stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Yield the rules that are on or off, where the settings say otherwise."""
    for stack in list_telling_stacks(stage):
        yield from _check_rules(stack, stage, aws)


def _check_rules(stack: str, stage: Stage, aws: Aws) -> Iterator[Finding]:
    if not is_deployed(stack, aws):
        yield later(stack)
        return
    rules = _list_resources("AWS::Events::Rule", stack, aws)
    found = [*_find_switched_rules(rules, stage, aws)]
    yield from found or [ok(f"{len(rules)} rules are on or off as settings/stages.py has them")]


def find_topic(stack: str, aws: Aws) -> str:
    """Return the ARN of the topic of *stack*."""
    (topic,) = _list_resources("AWS::SNS::Topic", stack, aws).values()
    return topic


def _has_data(bucket: str, aws: Aws) -> bool:
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=RAW_PREFIX)
    return any(
        each["Key"].lower().endswith(RAW_SUFFIXES) and each["Size"]
        for page in pages
        for each in page.get("Contents", [])
    )


def _find_switched_rules(rules: dict[str, str], stage: Stage, aws: Aws) -> Iterator[Finding]:
    for logical_id, rule in rules.items():
        wanted = _is_wanted(logical_id, stage)
        if (aws.client("events").describe_rule(Name=rule)["State"] != "DISABLED") == wanted:
            continue
        is_, should, command = ("off", "on", "enable-rule") if wanted else ("on", "off", "disable-rule")
        yield fails(
            f"rule {rule} is {is_}, and settings/stages.py wants it {should}",
            f"aws events {command} --region {stage.region} --name {rule}",
        )


def _is_wanted(logical_id: str, stage: Stage) -> bool:
    """Return whether a rule has to be on: one that starts the pipeline if settings say so, one that sends always."""
    starts = {
        "ScheduledStart": stage.schedule.enabled,
        "NewDataStart": stage.new_data_start.enabled,
        "NewRecordsStart": stage.scoring is not None and stage.scoring.new_data_start.enabled,
        "MonitoringStart": stage.monitoring is not None and stage.monitoring.schedule.enabled,
    }
    return next((enabled for name, enabled in starts.items() if logical_id.startswith(name)), True)


def _list_resources(kind: str, stack: str, aws: Aws) -> dict[str, str]:
    """Return the physical ids of the resources of type *kind* of *stack*, by their logical ones."""
    pages = aws.cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] == kind
    }
