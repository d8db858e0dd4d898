"""What `cdk bootstrap` made: a deployment needs it, and jobs read their code from its bucket."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from operations.aws import Aws
from operations.aws_errors import read_error
from operations.preflight.findings import Finding, cannot_ask, fails, ok
from settings import Stage

PARAMETER = "/cdk-bootstrap/hnb659fds/version"
REQUIRED_VERSION = 6
"""The templates refuse an older one."""
OWN_KEY = "alias/cdk-hnb659fds-assets-key"
"""Of the key that `--bootstrap-customer-key` makes, whose policy lets the whole account in through S3."""


def check_bootstrap(stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Yield whether the account is bootstrapped, and whether jobs can read what a deployment puts there."""
    command = f"make bootstrap STAGE={stage.name}"
    version = _read_version(aws)
    if version < REQUIRED_VERSION:
        found = f"is version {version}, older than {REQUIRED_VERSION}" if version else f"is missing: no {PARAMETER}"
        yield fails(f"the CDK bootstrap of {stage.region} {found}", command)
        return
    if key := _find_foreign_key(stage, aws):
        yield cannot_ask(
            f"the CDK bootstrap's bucket is encrypted with {key}: whether jobs may decrypt their code, its policy says",
            f"let the job role decrypt there, or {command} ARGS=--bootstrap-customer-key",
        )
        return
    yield ok(f"the CDK bootstrap of {stage.region} is version {version}, and jobs can read from its bucket")


def _read_version(aws: Aws) -> int:
    try:
        return int(aws.client("ssm").get_parameter(Name=PARAMETER)["Parameter"]["Value"])
    except ClientError as error:
        if read_error(error)[0] == "ParameterNotFound":
            return 0
        raise


def _find_foreign_key(stage: Stage, aws: Aws) -> str:
    """Return the ARN of the bucket's key, unless it is AWS's or the bootstrap's own."""
    account = aws.client("sts").get_caller_identity()["Account"]
    encryption = aws.s3.get_bucket_encryption(Bucket=f"cdk-hnb659fds-assets-{account}-{stage.region}")
    rules = encryption["ServerSideEncryptionConfiguration"]["Rules"]
    keys = [rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID", "") for rule in rules]
    if not any(keys):
        return ""
    described = aws.kms.describe_key(KeyId=keys[0])["KeyMetadata"]
    if described.get("KeyManager") == "AWS" or described["Arn"] == _find_own_key(aws):
        return ""
    return described["Arn"]


def _find_own_key(aws: Aws) -> str:
    try:
        return aws.kms.describe_key(KeyId=OWN_KEY)["KeyMetadata"]["Arn"]
    except ClientError as error:
        if read_error(error)[0] == "NotFoundException":
            return ""
        raise
