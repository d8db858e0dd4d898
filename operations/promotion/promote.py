"""Takes an approved version to another account: first its files, then the package, which says where it came from."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from operations.promotion.copying import Copied, copy, list_objects, write
from operations.promotion.package import (
    build_request,
    check_targets,
    find_left_behind,
    find_uris,
    folder_of,
    move,
)
from operations.promotion.side import Side
from operations.refusal import RefusedError
from operations.registry.on_aws import AwsRegistry
from operations.registry.registry import find_version
from operations.registry.version import APPROVED, PROMOTED_FROM, Version

RECORD = "promotion.json"
"""Beside the files: which they are, and who promoted them."""
_NO_METADATA = re.compile(r"[^\w .:/=+\-@]")
"""What values of CustomerMetadataProperties may not have."""


@dataclass(frozen=True)
class Promotion:
    """A version, and what it is in the other account."""

    source: Version
    target: str
    """ARN."""
    status: str
    """Of the version there."""
    objects: tuple[Copied, ...]
    """Empty where it had been promoted before."""
    left_behind: tuple[str, ...]
    """Members of the package that did not go along."""
    already: bool


def promote(wanted: str, source: Side, target: Side, *, now: datetime, in_region: Callable[[str], str]) -> Promotion:
    """Promote the version that *wanted* means; raise `RefusedError` or `SideError` where that cannot be."""
    version, package = _find_source(wanted, source)
    registry = AwsRegistry(target.stage.model_package_group_name, target.aws)
    _check_apart(version, source, target)
    with target.asked():
        found = _find_promoted(version, registry)
    if found:
        return Promotion(version, found.arn, found.status, (), (), already=True)
    bucket, folder = _find_bucket(target), folder_of(version)
    uris = [each for uri in find_uris(package) for each in list_objects(uri, source)]
    check_targets(uris, bucket, folder)
    # A request that cannot be made shall not leave files behind.
    build_request(package, target.stage, bucket=bucket, folder=folder, in_region=in_region, provenance={})
    copied = tuple(copy(uri, move(uri, bucket, folder), source, target) for uri in uris)
    record = f"s3://{bucket}/{folder}{RECORD}"
    digest = write(_to_json(_record(version, copied, source, target, now)), record, target)
    provenance = {
        PROMOTED_FROM: version.arn,
        "PromotedBy": _NO_METADATA.sub("-", target.caller),
        "PromotionRecord": record,
        "PromotionRecordSha256": digest,
    }
    request = build_request(
        package, target.stage, bucket=bucket, folder=folder, in_region=in_region, provenance=provenance
    )
    with target.asked():
        arn = target.aws.client("sagemaker").create_model_package(**request)["ModelPackageArn"]
    return Promotion(
        version, arn, request["ModelApprovalStatus"], copied, tuple(find_left_behind(package)), already=False
    )


def _find_source(wanted: str, source: Side) -> tuple[Version, dict[str, Any]]:
    registry = AwsRegistry(source.stage.model_package_group_name, source.aws)
    with source.asked():
        version = find_version(registry, wanted)
        package: dict[str, Any] = dict(source.aws.sagemaker.describe_model_package(ModelPackageName=version.arn))
    if version.status != APPROVED:
        raise RefusedError(
            f"{version.name} is {version.status} in account {source.account}: approve it there, then promote it"
        )
    return version, package


def _check_apart(version: Version, source: Side, target: Side) -> None:
    same_group = target.stage.model_package_group_name == source.stage.model_package_group_name
    if same_group and source.account == target.account and source.stage.region == target.stage.region:
        raise RefusedError(f"{version.name} is in account {target.account} already: give the profile of another")


def _find_promoted(version: Version, registry: AwsRegistry) -> Version | None:
    """Return what *version* is in the other *registry*, if it has been promoted before."""
    # By the execution, too: a group that was made anew counts its versions from one.
    versions = map(registry.describe, registry.numbers())
    return next((v for v in versions if (v.promoted_from, v.execution) == (version.arn, version.execution)), None)


def _find_bucket(side: Side) -> str:
    with side.asked():
        (stack,) = side.aws.cloudformation.describe_stacks(StackName=side.stage.storage_stack)["Stacks"]
    return next(each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == "DataBucketName")


def _record(version: Version, copied: tuple[Copied, ...], source: Side, target: Side, now: datetime) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "promoted": now.isoformat(timespec="seconds"),
        "promoted_by": {"source": source.caller, "target": target.caller},
        "source": {
            "account": source.account,
            "arn": version.arn,
            "execution": version.execution,
            "registered": version.created,
            "registered_by": version.created_by,
            "status": version.status,
            "reason": version.reason,
            "decided": version.modified,
            "decided_by": version.modified_by,
            "metadata": dict(version.metadata),
        },
        "objects": [
            {"source": each.source, "target": each.target, "sha256": each.sha256, "bytes": each.size_bytes}
            for each in copied
        ],
    }


def _to_json(document: Any) -> bytes:
    return f"{json.dumps(document, indent=2)}\n".encode()
