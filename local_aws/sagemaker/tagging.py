"""Tags of any resource."""

from local_aws.sagemaker.errors import not_found
from local_aws.sagemaker.records import Record, tags


def add(request: Record) -> Record:
    """AddTags: a key that is there already gets the new value."""
    merged = {tag["Key"]: tag for tag in [*_find(request), *request["Tags"]]}
    tags[request["ResourceArn"]] = list(merged.values())
    return {"Tags": tags[request["ResourceArn"]]}


def delete(request: Record) -> Record:
    """DeleteTags."""
    tags[request["ResourceArn"]] = [tag for tag in _find(request) if tag["Key"] not in request["TagKeys"]]
    return {}


def list_all(request: Record) -> Record:
    """ListTags."""
    return {"Tags": _find(request)}


def _find(request: Record) -> list[Record]:
    found: list[Record] | None = tags.get(request["ResourceArn"])
    if found is None:
        raise not_found("Resource", request["ResourceArn"])
    return found
