"""What of a package goes along, and how it reads in the account that it goes to; asks nobody."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from artefacts.documents import list_at
from operations.refusal import RefusedError
from operations.registry.version import PENDING, Version
from pipeline_definition.names import RAW_RECORDS, SMOKE_TEST_FILE
from settings import MODELS_PREFIX, Stage

CARRIED = (
    "Domain",
    "Task",
    "SamplePayloadUrl",
    "InferenceSpecification",
    "AdditionalInferenceSpecifications",
    "ModelMetrics",
    "DriftCheckBaselines",
    "MetadataProperties",
    "CustomerMetadataProperties",
    "ModelCard",
    "SkipModelValidation",
)
"""Members of DescribeModelPackage that the pipeline has given CreateModelPackage."""
_OF_THE_REGISTRY = (
    *("ModelPackageName", "ModelPackageGroupName", "ModelPackageVersion", "ModelPackageRegistrationType"),
    *("ModelPackageArn", "ModelPackageDescription", "ModelPackageStatus", "ModelPackageStatusDetails"),
    *("ModelApprovalStatus", "ApprovalDescription", "CreationTime", "CreatedBy", "LastModifiedTime"),
    *("LastModifiedBy", "CertifyForMarketplace", "ResponseMetadata"),
)
"""What each registry says of its own."""
_OF_THE_SOURCE = ("ImageDigest", "ModelDataETag")
"""What SageMaker found out of a container where it was registered."""

Package = Mapping[str, Any]


def folder_of(version: Version) -> str:
    """Return the prefix that *version*'s files get; that of our own executions has no hyphen."""
    if not version.execution:
        raise RefusedError(f"{version.name} names no execution: promote one that the pipeline has made")
    return f"{MODELS_PREFIX}promoted-{version.execution.rpartition('/')[2]}/"


def find_uris(package: Package) -> list[str]:
    """Return every file or folder on S3 that the *package* points at, and the smoke test beside its artefact."""
    found = {text for member in CARRIED for text in _texts(package.get(member)) if text.startswith("s3://")}
    for each in list_at(package, "AdditionalInferenceSpecifications"):
        if each["Name"] == RAW_RECORDS:
            found |= {f"{_parent(container['ModelDataUrl'])}/{SMOKE_TEST_FILE}" for container in each["Containers"]}
    return sorted(found)


def find_left_behind(package: Package) -> list[str]:
    """Return the members that do not go along, and that the other registry will not have of its own."""
    return sorted(name for name, value in package.items() if value and name not in (*CARRIED, *_OF_THE_REGISTRY))


def move(uri: str, bucket: str, folder: str) -> str:
    """Return where the file *uri* of an execution's models lies below *folder* of *bucket*."""
    key = uri.removeprefix("s3://").partition("/")[2]
    _, slash, rest = key.removeprefix(MODELS_PREFIX).partition("/")
    if not (key.startswith(MODELS_PREFIX) and slash and rest):
        raise RefusedError(f"the package points at {uri}, outside of {MODELS_PREFIX}: promote one of the pipeline's")
    return f"s3://{bucket}/{folder}{rest}"


def check_targets(uris: list[str], bucket: str, folder: str) -> None:
    """Raise `RefusedError` where two of *uris* would become one: a version may have files of several executions."""
    targets: dict[str, str] = {}
    for uri in uris:
        other = targets.setdefault(move(uri, bucket, folder), uri)
        if other != uri:
            raise RefusedError(f"{uri} and {other} have one name beside each other: run the pipeline with no cache")


def build_request(
    package: Package,
    stage: Stage,
    *,
    bucket: str,
    folder: str,
    in_region: Callable[[str], str],
    provenance: Mapping[str, str],
) -> dict[str, Any]:
    """Return the request of CreateModelPackage for *stage*, whose files are below *folder* of *bucket*.

    *in_region* gives an image's URI in the stage's region, *provenance* is added to the metadata.
    """
    request = {name: package[name] for name in CARRIED if package.get(name)}
    request = _rewrite(request, bucket, folder, in_region)
    for specification in (request["InferenceSpecification"], *request.get("AdditionalInferenceSpecifications", ())):
        specification["SupportedRealtimeInferenceInstanceTypes"] = list(stage.registration.inference_instance_types)
        specification["SupportedTransformInstanceTypes"] = list(stage.registration.transform_instance_types)
    return {
        **request,
        "CustomerMetadataProperties": {**request.get("CustomerMetadataProperties", {}), **provenance},
        "ModelPackageGroupName": stage.model_package_group_name,
        "ModelPackageDescription": f"promoted from {package['ModelPackageArn']}",
        "ModelApprovalStatus": PENDING,
    }


def _rewrite(node: Any, bucket: str, folder: str, in_region: Callable[[str], str]) -> Any:
    match node:
        case dict():
            return {
                name: in_region(value) if name == "Image" else _rewrite(value, bucket, folder, in_region)
                for name, value in node.items()
                if name not in _OF_THE_SOURCE
            }
        case list():
            return [_rewrite(each, bucket, folder, in_region) for each in node]
        case str() if node.startswith("s3://"):
            return move(node, bucket, folder)
    return node


def _texts(node: Any) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            for value in node.values():
                yield from _texts(value)
        case list():
            for each in node:
                yield from _texts(each)


def _parent(uri: str) -> str:
    return uri.rpartition("/")[0]
