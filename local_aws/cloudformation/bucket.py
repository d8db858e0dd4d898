"""AWS::S3::Bucket: MiniStack's stack deletes a bucket with what is in it, CloudFormation refuses to."""

from ministack.services import s3
from ministack.services.cloudformation import provisioners

from local_aws.cloudformation.schema import Properties


class BucketNotEmptyError(ValueError):
    """The bucket has objects, or versions of them."""


def delete(physical_id: str, properties: Properties) -> None:
    """Delete the bucket if it is empty."""
    bucket = s3._buckets.get(physical_id)
    if bucket and (bucket["objects"] or s3._bucket_has_versions(physical_id)):
        raise BucketNotEmptyError(
            f"The bucket {physical_id} you tried to delete is not empty (Service: S3, Status Code: 409)"
        )
    provisioners._s3_delete(physical_id, properties)


def install() -> None:
    """Put the refusal before MiniStack's own."""
    provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]["delete"] = delete
