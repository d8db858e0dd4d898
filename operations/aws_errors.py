"""The codes by which AWS refuses, as far as something follows from them.

Sources: "Common Errors" in the API references of its services, "Error responses" in that of S3.
"""

import botocore.exceptions
from botocore.exceptions import ClientError

DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403"}
"""The last is of S3 to HeadObject, whose answers have no body."""
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
INVALID = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"}
NOT_SUBSCRIBED = {"SubscriptionRequiredException", "OptInRequired"}
"""What an account on the free plan, or one that is not activated yet, hears of a service that it does not have."""
THROTTLED = {"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "SlowDown"}
"""Those of botocore/retries/standard.py that these services answer."""
UNREACHABLE = (botocore.exceptions.ConnectionError, botocore.exceptions.HTTPClientError)


def read_error(error: ClientError) -> tuple[str, str]:
    """Return the code and the words of a refusal."""
    details = error.response["Error"]
    return details["Code"], " ".join(details["Message"].split())


def is_missing(error: ClientError) -> bool:
    """Return whether what was asked for does not exist; SageMaker's codes for that differ, its words do not."""
    code, message = read_error(error)
    return code.startswith(("ResourceNotFound", "NoSuch")) or "does not exist" in message
