"""The rights that a promotion needs, call by call, in the account that it takes from and in the one that it goes to."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from operations.registry.version import PENDING
from operations.rights import BUCKET, GROUPS, VERSIONS, KeyRight, Right, write_policy
from settings import MODELS_PREFIX, Stage

_MODELS = (f"{BUCKET}/{MODELS_PREFIX}*",)
_PROMOTED = (f"{BUCKET}/{MODELS_PREFIX}promoted-*",)
_STORAGE = ("arn:aws:cloudformation:{stage.region}:*:stack/{stage.storage_stack}/*",)

_REGISTRY = "SageMaker developer guide, API permissions reference; the approvers' policy has them, too"
_OBJECTS = "S3 user guide, Required permissions for API operations"
_ENCRYPTION = "S3 user guide, Using server-side encryption with KMS keys: permissions"


class Needed(NamedTuple):
    """A right, what for, and where it is known from that AWS asks for it."""

    right: Right | KeyRight
    purpose: str
    source: str


SOURCE: Mapping[str, Needed] = {
    "ListModelPackages": Needed(
        Right("sagemaker:ListModelPackages", (*GROUPS, *VERSIONS)), "find the version", _REGISTRY
    ),
    "DescribeModelPackage": Needed(
        Right("sagemaker:DescribeModelPackage", VERSIONS), "read what it is, and that it is approved", _REGISTRY
    ),
    "ListObjectsV2": Needed(Right("s3:ListBucket", (BUCKET,)), "find the files that it points at", _OBJECTS),
    "GetObject": Needed(Right("s3:GetObject", _MODELS), "read them", _OBJECTS),
    "Decrypt": Needed(KeyRight(("kms:Decrypt",), "s3"), "read them", _ENCRYPTION),
}
"""In the account that the version comes from."""

TARGET: Mapping[str, Needed] = {
    "DescribeStacks": Needed(
        Right("cloudformation:DescribeStacks", _STORAGE),
        "find the bucket",
        "CloudFormation user guide, Controlling access with IAM",
    ),
    "ListModelPackages": Needed(
        Right("sagemaker:ListModelPackages", (*GROUPS, *VERSIONS)), "see whether it has been promoted", _REGISTRY
    ),
    "DescribeModelPackage": Needed(
        Right("sagemaker:DescribeModelPackage", VERSIONS), "see whether it has been promoted", _REGISTRY
    ),
    "PutObject": Needed(Right("s3:PutObject", _PROMOTED), "write the files", _OBJECTS),
    "HeadObject": Needed(
        Right("s3:GetObject", _PROMOTED),
        "compare what is there after a promotion that broke off; SageMaker opens artefacts as whoever registers them",
        _OBJECTS,
    ),
    "Encrypt": Needed(KeyRight(("kms:Decrypt", "kms:GenerateDataKey"), "s3"), "write and compare them", _ENCRYPTION),
    "CreateModelPackage": Needed(
        Right("sagemaker:CreateModelPackage", (*GROUPS, *VERSIONS), {"sagemaker:ModelApprovalStatus": PENDING}),
        "register it, waiting for approval and no other way",
        "SageMaker developer guide, API permissions reference; Service Authorization Reference: condition keys",
    ),
}
"""In the account that it goes to. Nothing here approves."""

SIDES = {"source": SOURCE, "target": TARGET}


def build_policy(side: str, stage: Stage) -> dict[str, Any]:
    """Return the IAM policy that a promotion needs on *side*, where the stage is *stage*, and no more."""
    needed = [each.right for each in SIDES[side].values()]
    rights = [each for each in needed if isinstance(each, Right)]
    return write_policy(stage, rights, [each for each in needed if isinstance(each, KeyRight)])
