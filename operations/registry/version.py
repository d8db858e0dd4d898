"""A version of a model package group, read from what DescribeModelPackage says of it."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.documents import list_at, mapping_at, text_at, value_at
from pipeline_definition.names import DATA_VERSION

PENDING = "PendingManualApproval"
APPROVED = "Approved"
REJECTED = "Rejected"

PROMOTED_FROM = "PromotedFrom"
"""In the metadata of a version that came from another account: the ARN that it has there."""

Package = Mapping[str, Any]


@dataclass(frozen=True)
class Container:
    """One way to serve a version."""

    name: str
    """Of the inference specification; that of the package itself has none, and is called `default`."""
    image: str
    artefact: str


@dataclass(frozen=True)
class Version:
    """What the registry knows of one version; texts are empty where it does not say."""

    group: str
    number: int
    arn: str
    status: str
    """Such as `PendingManualApproval`."""
    reason: str
    """What whoever decided wrote."""
    created: str
    created_by: str
    modified: str
    modified_by: str
    execution: str
    """ARN of the execution that made it."""
    promoted_from: str
    """ARN of the version of another account that it is a copy of."""
    data_version: str
    evaluation: str
    """URI of evaluation.json."""
    data_quality: str
    """URI of data_quality.json."""
    feature_model: str
    """URI of the folder with the feature model."""
    containers: tuple[Container, ...]
    metadata: Mapping[str, str]
    risk: str
    """What its model card rates it, and why."""
    caveats: str
    """Of its model card."""

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.group} version {self.number}"


def read_version(package: Package) -> Version:
    """Return the version that *package* describes."""
    metadata, card = mapping_at(package, "CustomerMetadataProperties"), _read_card(package)
    risk = (text_at(card, "intended_uses", name) for name in ("risk_rating", "explanations_for_risk_rating"))
    return Version(
        group=text_at(package, "ModelPackageGroupName"),
        number=int(package["ModelPackageVersion"]),
        arn=text_at(package, "ModelPackageArn"),
        status=text_at(package, "ModelApprovalStatus"),
        reason=text_at(package, "ApprovalDescription"),
        created=_time(package, "CreationTime"),
        created_by=_person(package, "CreatedBy"),
        modified=_time(package, "LastModifiedTime"),
        modified_by=_person(package, "LastModifiedBy"),
        execution=text_at(package, "MetadataProperties", "GeneratedBy"),
        promoted_from=text_at(metadata, PROMOTED_FROM),
        data_version=text_at(metadata, DATA_VERSION),
        evaluation=text_at(package, "ModelMetrics", "ModelQuality", "Statistics", "S3Uri"),
        data_quality=text_at(package, "ModelMetrics", "ModelDataQuality", "Statistics", "S3Uri"),
        feature_model=text_at(metadata, "FeatureModel"),
        containers=tuple(_containers(package)),
        metadata=metadata,
        risk=": ".join(filter(None, risk)),
        caveats=text_at(card, "additional_information", "caveats_and_recommendations"),
    )


def _read_card(package: Package) -> Any:
    """Return the model card, or None where there is none, or what somebody has put in its place."""
    with contextlib.suppress(ValueError):
        return json.loads(text_at(package, "ModelCard", "ModelCardContent"))
    return None


def _containers(package: Package) -> list[Container]:
    named = [("default", mapping_at(package, "InferenceSpecification"))]
    named += [(text_at(each, "Name"), each) for each in list_at(package, "AdditionalInferenceSpecifications")]
    return [
        Container(name, text_at(each, "Image"), text_at(each, "ModelDataUrl"))
        for name, specification in named
        for each in list_at(specification, "Containers")
    ]


def _person(package: Package, member: str) -> str:
    """Return who it was: a user profile of Studio, or else whose credentials."""
    return text_at(package, member, "UserProfileName") or text_at(package, member, "IamIdentity", "Arn")


def _time(package: Package, member: str) -> str:
    time = value_at(package, member)
    return time if isinstance(time, str) else time.isoformat(timespec="seconds") if time else ""
