"""What it takes to use our key: for objects, volumes, messages and logs."""

from collections.abc import Iterator

from artefacts.iam import Resource
from artefacts.iam.evaluator import Request
from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.needs.need import Need

_READING = ("kms:Decrypt",)
# Parts of a large upload are read back, so writing takes both.
_WRITING = ("kms:Decrypt", "kms:GenerateDataKey")


def bucket_key(application: DeployedStage, bucket: str) -> str:
    """Return the ARN of the key that encrypts *bucket*; nothing for S3's own keys."""
    resource = application.with_arn(bucket)
    if resource is None:
        return ""  # the CDK's bucket of assets has AWS's key, which everybody of the account may use
    (rule,) = resource.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    key: str = rule["ServerSideEncryptionByDefault"].get("KMSMasterKeyID", "")
    return key


def needs_of_object(application: DeployedStage, need: Need, key: str = "") -> Iterator[Need]:
    """Yield *need* of an object, and what its encryption takes: with *key*, or with that of its bucket."""
    yield need
    bucket = need.request.resource.partition("/")[0]
    key = key or bucket_key(application, bucket)
    if not key:
        return
    context = {
        "kms:ViaService": f"s3.{application.stage.region}.amazonaws.com",
        "kms:CallerAccount": application.deployment.account.id,
        # With bucket keys, the context is the bucket and not the object.
        "kms:EncryptionContext:aws:s3:arn": bucket,
    }
    for action in _WRITING if need.request.action == "s3:PutObject" else _READING:
        yield Need(f"{need.name}, encrypted", sources.OBJECTS, Request(need.request.caller, action, key, context))


def needs_of_volume(application: DeployedStage, name: str, caller: str, key: str) -> Iterator[Need]:
    """Yield what *caller* needs for a job to have a volume that is encrypted with *key*."""
    context = {
        "kms:ViaService": f"sagemaker.{application.stage.region}.amazonaws.com",
        "kms:CallerAccount": application.deployment.account.id,
    }
    yield Need(f"{name}: find the volumes' key", sources.VOLUMES, Request(caller, "kms:DescribeKey", key, context))
    grant = {**context, "kms:GrantIsForAWSResource": "true"}
    yield Need(f"{name}: encrypt volumes", sources.GRANTS, Request(caller, "kms:CreateGrant", key, grant))


def needs_of_keys(application: DeployedStage) -> Iterator[Need]:
    """Yield what every key needs: somebody who can manage it, or it could never be changed again."""
    root = f"arn:aws:iam::{application.deployment.account.id}:root"
    for key in application.resources("AWS::KMS::Key"):
        for action in ("kms:PutKeyPolicy", "kms:DescribeKey", "kms:EnableKey", "kms:ScheduleKeyDeletion"):
            yield Need(f"{key.path}: be managed", sources.KEY_ADMINISTRATION, Request(root, action, key.arn))


def needs_of_log_groups(application: DeployedStage) -> Iterator[Need]:
    """Yield what CloudWatch Logs needs for log groups that are encrypted with a customer-managed key."""
    service = f"logs.{application.stage.region}.amazonaws.com"
    for group in application.resources("AWS::Logs::LogGroup"):
        key = group.properties.get("KmsKeyId", "")
        for action in _LOG_ACTIONS if key else ():
            context = {"kms:EncryptionContext:aws:logs:arn": group.arn.removesuffix(":*")}
            yield Need(f"{group.path}: encrypt logs", sources.LOG_KEYS, Request(service, action, key, context))


_LOG_ACTIONS = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
)
# Not kms:DescribeKey, though the guide's example has it: no encryption context comes with it, so that the condition
# of the same example never lets it through.


def key_of(resource: Resource) -> str:
    """Return the ARN of the key that encrypts a queue or a topic; nothing for AWS's own."""
    key: str = resource.properties.get("KmsMasterKeyId", "")
    return key
