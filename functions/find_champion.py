"""Finds the champion: the newest approved version of a model package group, and the files that belong to it."""

from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker.type_defs import DescribeModelPackageOutputTypeDef

# A Lambda step takes no retry policy, so throttling and faults of the service are tried again here.
RETRIES = Config(retries={"mode": "standard", "max_attempts": 8}, connect_timeout=3, read_timeout=10)

NAME_OF_NONE = "none"
URIS = ("ModelData", "FeatureModel", "DataQuality", "Evaluation", "ServingModel")

RAW_RECORDS = "raw-records"
"""The additional inference specification of a version; the first is Linear Learner's."""


class ChampionError(Exception):
    """An approved version that no new model can be compared with: what is missing, then the remedy."""


def handler(event: dict[str, str], _context: object) -> dict[str, str]:
    """Answer the pipeline's step: the champion's name and the S3 URIs of its files."""
    client = boto3.client("sagemaker", config=RETRIES)
    return find_champion(client, event["ModelPackageGroupName"], event["NoChampion"])


def find_champion(client: "SageMakerClient", group: str, no_champion: str) -> dict[str, str]:
    """Return what is known of the newest approved version of *group*.

    Where no version is approved yet, every URI is *no_champion*, a file that exists and says so: a job's input must.
    """
    arn = _newest_approved(client, group)
    if arn is None:
        return {"Name": NAME_OF_NONE} | dict.fromkeys(URIS, no_champion)
    package = client.describe_model_package(ModelPackageName=arn)
    return {
        "Name": arn,
        "ModelData": _member(package, arn, "InferenceSpecification", "Containers", 0, "ModelDataUrl"),
        "FeatureModel": _member(package, arn, "CustomerMetadataProperties", "FeatureModel"),
        "DataQuality": _member(package, arn, "DriftCheckBaselines", "ModelDataQuality", "Statistics", "S3Uri"),
        "Evaluation": _evaluation(package) or no_champion,
        "ServingModel": _serving_model(package) or no_champion,
    }


def _evaluation(package: "DescribeModelPackageOutputTypeDef") -> str:
    """Return where the version's figures lie; empty for a version that names none."""
    quality = package.get("ModelMetrics", {}).get("ModelQuality", {})
    return quality.get("Statistics", {}).get("S3Uri", "")


def _serving_model(package: "DescribeModelPackageOutputTypeDef") -> str:
    """Return where the artefact that takes raw records lies; empty for a version from before there was one."""
    for each in package.get("AdditionalInferenceSpecifications", []):
        if each["Name"] == RAW_RECORDS:
            return each["Containers"][0].get("ModelDataUrl", "")
    return ""


def _newest_approved(client: "SageMakerClient", group: str) -> str | None:
    pages = client.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group,
        ModelApprovalStatus="Approved",
        SortBy="CreationTime",
        SortOrder="Descending",
    )
    found = (package["ModelPackageArn"] for page in pages for package in page["ModelPackageSummaryList"])
    return next(found, None)


def _member(package: "DescribeModelPackageOutputTypeDef", arn: str, *path: str | int) -> str:
    value: Any = package
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError) as error:
            missing = ".".join(map(str, path))
            raise ChampionError(
                f"{arn} is approved and has no {missing}: reject it, or approve a version that this pipeline made"
            ) from error
    return str(value)
