"""Model package groups and their versions, with approval."""

import time

from artefacts.definition.model_card import find_content_faults
from local_aws.sagemaker.errors import ApiError, invalid, not_found
from local_aws.sagemaker.records import Record, arn, groups, name_of, packages, page, stamped, tags
from local_aws.sagemaker.state_events import model_package_changed


def create_group(request: Record) -> Record:
    """CreateModelPackageGroup."""
    name = request["ModelPackageGroupName"]
    if name in groups:
        raise invalid(f"Model Package Group already exists: {arn('model-package-group', name)}")
    record = stamped({key: value for key, value in request.items() if key != "Tags"})
    record |= {"ModelPackageGroupArn": arn("model-package-group", name), "ModelPackageGroupStatus": "Completed"}
    groups[name] = record
    tags[record["ModelPackageGroupArn"]] = request.get("Tags", [])
    return {"ModelPackageGroupArn": record["ModelPackageGroupArn"]}


def describe_group(request: Record) -> Record:
    """DescribeModelPackageGroup."""
    return find_group(request["ModelPackageGroupName"])


def list_groups(request: Record) -> Record:
    """ListModelPackageGroups."""
    found = page(
        groups.values(), request, {"NameContains": lambda record, part: part in record["ModelPackageGroupName"]}
    )
    return {"ModelPackageGroupSummaryList": found.pop("Records"), **found}


def delete_group(request: Record) -> Record:
    """DeleteModelPackageGroup."""
    record = find_group(request["ModelPackageGroupName"])
    if any(_versions(record["ModelPackageGroupName"])):
        raise ApiError("ConflictException", f"Model Package Group {record['ModelPackageGroupArn']} is not empty.")
    del groups[record["ModelPackageGroupName"]]
    tags.pop(record["ModelPackageGroupArn"], None)
    return {}


def create_package(request: Record) -> Record:
    """CreateModelPackage, of a version in a group."""
    if "ModelPackageGroupName" not in request:
        raise invalid("a model package without a group is not emulated: pass ModelPackageGroupName")
    _check_card(request)
    group = find_group(request["ModelPackageGroupName"])["ModelPackageGroupName"]
    version = 1 + max((each["ModelPackageVersion"] for each in _versions(group)), default=0)
    record = stamped({"ModelApprovalStatus": "PendingManualApproval"} | request)
    record |= {
        "ModelPackageGroupName": group,
        "ModelPackageVersion": version,
        "ModelPackageArn": arn("model-package", f"{group.lower()}/{version}"),  # as the service writes it
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
    }
    tags[record["ModelPackageArn"]] = record.pop("Tags", [])
    packages[record["ModelPackageArn"]] = record
    model_package_changed(record)
    return {"ModelPackageArn": record["ModelPackageArn"]}


def describe_package(request: Record) -> Record:
    """DescribeModelPackage."""
    return find_package(request["ModelPackageName"])


def update_package(request: Record) -> Record:
    """UpdateModelPackage: approval, and what a person may say of a version."""
    record = find_package(request["ModelPackageArn"])
    _check_card(request)
    record |= request | {"LastModifiedTime": time.time()}
    model_package_changed(record)
    return {"ModelPackageArn": record["ModelPackageArn"]}


def list_packages(request: Record) -> Record:
    """ListModelPackages."""
    found = page(
        packages.values(),
        request,
        {
            "ModelPackageGroupName": lambda record, group: record["ModelPackageGroupName"] == name_of(group),
            "ModelApprovalStatus": lambda record, status: record["ModelApprovalStatus"] == status,
            "ModelPackageType": lambda _, kind: kind in {"Versioned", "Both"},
        },
    )
    return {"ModelPackageSummaryList": found.pop("Records"), **found}


def delete_package(request: Record) -> Record:
    """DeleteModelPackage."""
    record = find_package(request["ModelPackageName"])
    del packages[record["ModelPackageArn"]]
    tags.pop(record["ModelPackageArn"], None)
    return {}


def find_group(identifier: str) -> Record:
    """Return the group with this name or ARN."""
    record: Record | None = groups.get(name_of(identifier))
    if record is None:
        raise not_found("ModelPackageGroup", identifier)
    return record


def find_package(identifier: str) -> Record:
    """Return the version with this ARN."""
    record: Record | None = packages.get(identifier)
    if record is None:
        raise not_found("ModelPackage", identifier)
    return record


def _check_card(request: Record) -> None:
    """Refuse a card that no registry could show; botocore's own validation looks at no longest text."""
    for fault in find_content_faults(request.get("ModelCard", {}).get("ModelCardContent", "{}")):
        raise invalid(f"ModelCardContent: {fault}")


def _versions(group: str) -> list[Record]:
    return [each for each in packages.values() if each["ModelPackageGroupName"] == group]
