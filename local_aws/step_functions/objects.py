"""GetObject as a task calls it, which MiniStack's Step Functions lacks: the object's text is in the result."""

from botocore.exceptions import ClientError
from ministack.core.responses import get_region

from local_aws.clients import ROOT, client
from local_aws.sagemaker.errors import ApiError
from local_aws.sagemaker.records import Record


def get_object(request: Record) -> Record:
    """Return the object; that the machine's role may read it was asked before."""
    try:
        found = client("s3", get_region(), ROOT).get_object(Bucket=request["Bucket"], Key=request["Key"])
    except ClientError as error:
        refusal = error.response["Error"]
        raise ApiError(f"{refusal['Code']}Exception", refusal["Message"]) from error
    return {"Body": found["Body"].read().decode()}
