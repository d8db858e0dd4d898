"""What other services need to do for us in nobody's role: deliver, publish, log."""

from collections.abc import Iterator

from artefacts.iam import Resource
from artefacts.iam.conditions import Context
from artefacts.iam.evaluator import Request
from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.needs.encryption import key_of
from tests.security.needs.need import Need

EVENTS = "events.amazonaws.com"
ALARMS = "cloudwatch.amazonaws.com"
ACCESS_LOGGING = "logging.s3.amazonaws.com"


def needs_of_rules(application: DeployedStage) -> Iterator[Need]:
    """Yield what EventBridge needs to start the pipeline, to tell of it, and to keep what it could not deliver."""
    for rule in application.resources("AWS::Events::Rule"):
        for target in rule.properties["Targets"]:
            yield from _reaching(application, rule, target["Arn"], target.get("RoleArn", ""))
            queue = application.with_arn(target.get("DeadLetterConfig", {}).get("Arn", ""))
            if queue:
                yield from _delivering_to_queue(application, rule, queue)


def needs_of_alarms(application: DeployedStage) -> Iterator[Need]:
    """Yield what CloudWatch needs to tell of alarms."""
    for kind in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"):
        for alarm in application.resources(kind):
            for actions in ("AlarmActions", "OKActions", "InsufficientDataActions"):
                for topic in alarm.properties.get(actions, ()):
                    yield from _publishing(application, ALARMS, alarm, topic)


def needs_of_access_logs(application: DeployedStage) -> Iterator[Need]:
    """Yield what S3 needs to log who reads and writes a bucket."""
    for bucket in application.resources("AWS::S3::Bucket"):
        logging = bucket.properties.get("LoggingConfiguration", {})
        if "DestinationBucketName" in logging:
            log = f"arn:aws:s3:::{logging['DestinationBucketName']}/{logging.get('LogFilePrefix', '')}2026-11-23-0A1B"
            request = Request(ACCESS_LOGGING, "s3:PutObject", log, _sent_for(application, bucket))
            yield Need(f"{bucket.path}: log accesses", sources.ACCESS_LOGS, request)


def _reaching(application: DeployedStage, rule: Resource, target: str, role: str) -> Iterator[Need]:
    service = target.split(":")[2]
    if service == "sagemaker":
        request = Request(role, "sagemaker:StartPipelineExecution", target)
        yield Need(f"{rule.path}: start the pipeline", sources.EVENT_ROLE, request)
    elif service == "states":
        request = Request(role, "states:StartExecution", target)
        yield Need(f"{rule.path}: wake the machine", sources.MACHINE_STARTS, request)
    else:
        assert not role, (
            f"{rule.path}: the EventBridge user guide warns of roles for targets with policies of their own"
        )
        yield from _publishing(application, EVENTS, rule, target)
        # Both readings have to do: that EventBridge says for which rule it acts, and that it does not.
        request = Request(EVENTS, "sns:Publish", target)
        yield Need(f"{rule.path}: tell, where the rule is not said", sources.TOPIC_EVENTS_OF_NO_RULE, request)


def _delivering_to_queue(application: DeployedStage, rule: Resource, queue: Resource) -> Iterator[Need]:
    context = _sent_for(application, rule)
    sending = Request(EVENTS, "sqs:SendMessage", queue.arn, context)
    yield Need(f"{rule.path}: keep an event that was not delivered", sources.DEAD_LETTERS, sending)
    if key_of(queue):
        # In the guide's key policy nothing is asked of EventBridge: KMS is not told on whose behalf it encrypts.
        encryption = {"kms:EncryptionContext:aws:sqs:arn": queue.arn}
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            request = Request(EVENTS, action, key_of(queue), encryption)
            yield Need(f"{rule.path}: encrypt an undelivered event", sources.QUEUE_KEYS, request)


def _publishing(application: DeployedStage, service: str, sender: Resource, topic_arn: str) -> Iterator[Need]:
    context = _sent_for(application, sender)
    source = sources.ALARM_TOPICS if service == ALARMS else sources.TOPIC_EVENTS
    yield Need(f"{sender.path}: tell", source, Request(service, "sns:Publish", topic_arn, context))
    topic = application.with_arn(topic_arn)
    if topic and key_of(topic):
        # The guide: aws:SourceAccount and aws:SourceArn are "not supported for EventBridge-to-encrypted topics", so
        # that KMS is not told on whose behalf.
        known = {} if service == EVENTS else context
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            encryption = {**known, "kms:EncryptionContext:aws:sns:topicArn": topic.arn}
            request = Request(service, action, key_of(topic), encryption)
            yield Need(f"{sender.path}: encrypt what it tells", sources.TOPIC_KEYS, request)


def _sent_for(application: DeployedStage, resource: Resource) -> Context:
    """Return how a service says for which resource it acts."""
    return {"aws:SourceArn": resource.arn, "aws:SourceAccount": application.deployment.account.id}
