"""What S3 URIs are to IAM."""


def object_arn(uri: str) -> str:
    """Return the ARN of the object at *uri*."""
    return f"arn:aws:s3:::{uri.removeprefix('s3://')}"


def bucket_arn(uri: str) -> str:
    """Return the ARN of the bucket that *uri* lies in."""
    return object_arn(uri).partition("/")[0]


def example_object(uri: str) -> str:
    """Return the ARN of an object that a job finds, or writes, at *uri*: the object itself, or one below the prefix."""
    is_object = "." in uri.rpartition("/")[2]
    return object_arn(uri if is_object else f"{uri.rstrip('/')}/part-00000.csv")
