"""A registry and a bucket, as SageMaker and S3 answer about them."""

import base64
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from operations.promotion.copying import split
from tests.operations import promoted_version
from tests.operations.fake_account import Refusal

TARGET_ACCOUNT = "777788889999"
"""Of what is created."""
KEY = f"arn:aws:kms:eu-west-1:{TARGET_ACCOUNT}:key/1"
GROUP = "EmpBonusPackageGroup"


@dataclass
class Bucket:
    """Objects by their URIs, as S3 answers about them."""

    objects: dict[str, bytes]
    key: str = KEY

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        names = [split(uri)[1] for uri in self.objects if uri.startswith(f"s3://{request['Bucket']}/")]
        return {"Contents": [{"Key": name} for name in names if name.startswith(request["Prefix"])]}

    def get(self, request: dict[str, Any]) -> dict[str, Any]:
        content = self.objects[_uri(request)]
        return {"Body": io.BytesIO(content), "ContentLength": len(content)}

    def put(self, request: dict[str, Any]) -> Any:
        if "IfNoneMatch" in request and _uri(request) in self.objects:
            return Refusal("PreconditionFailed")
        body = request["Body"]
        self.objects[_uri(request)] = body if isinstance(body, bytes) else body.read()
        return {}

    def head(self, request: dict[str, Any]) -> dict[str, Any]:
        return {
            "ChecksumSHA256": base64.b64encode(hashlib.sha256(self.objects[_uri(request)]).digest()).decode(),
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": self.key,
        }

    @property
    def answers(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        return {"ListObjectsV2": self.list, "GetObject": self.get, "PutObject": self.put, "HeadObject": self.head}


@dataclass
class Registry:
    """Packages, as SageMaker answers about them."""

    packages: list[dict[str, Any]]

    def list(self, _: dict[str, Any]) -> dict[str, Any]:
        members = ("ModelPackageArn", "ModelPackageVersion", "CreationTime", "ModelPackageStatus")
        return {"ModelPackageSummaryList": [{name: each[name] for name in members} for each in self.packages]}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        return next(each for each in self.packages if each["ModelPackageArn"] == request["ModelPackageName"])

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        number = len(self.packages) + 1
        arn = f"arn:aws:sagemaker:eu-west-1:{TARGET_ACCOUNT}:model-package/{GROUP.lower()}/{number}"
        common = promoted_version.package(TARGET_ACCOUNT, number)
        asked = {name: value for name, value in request.items() if name not in ("Region", "ClientToken")}
        self.packages.append({**common, **asked, "ModelPackageArn": arn})
        return {"ModelPackageArn": arn}

    @property
    def answers(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        return {
            "ListModelPackages": self.list,
            "DescribeModelPackage": self.describe,
            "CreateModelPackage": self.create,
        }


def _uri(request: dict[str, Any]) -> str:
    return f"s3://{request['Bucket']}/{request['Key']}"
