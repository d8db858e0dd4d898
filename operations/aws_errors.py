"""The codes by which AWS refuses, as far as something follows from them.

Sources: "Common Errors" in the API references of its services, "Error responses" in that of S3.
"""

from typing import NamedTuple

import botocore.exceptions
from botocore.exceptions import BotoCoreError, ClientError

DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403"}
"""The last is of S3 to HeadObject, whose answers have no body."""
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
INVALID = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"}
NOT_SUBSCRIBED = {"SubscriptionRequiredException", "OptInRequired"}
"""What an account on the free plan, or one that is not activated yet, hears of a service that it does not have."""
THROTTLED = {"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "SlowDown"}
"""Those of botocore/retries/standard.py that these services answer."""
UNREACHABLE = (botocore.exceptions.ConnectionError, botocore.exceptions.HTTPClientError)


class Meaning(NamedTuple):
    """What an error means to whoever asked, whatever the call was."""

    found: str
    remedy: str


def find_meaning(error: ClientError) -> Meaning | None:
    """Return what is wrong with the credentials or the account; None where the call itself was refused."""
    code, message = read_error(error)
    if code in EXPIRED:
        return Meaning("the credentials have expired", "log in again")
    if code in INVALID:
        return Meaning(f"the credentials are not accepted ({code})", "check AWS_PROFILE, or log in again")
    if code in NOT_SUBSCRIBED:
        return Meaning(
            f"the account has no access to a service ({error.operation_name}: {message})",
            "upgrade the plan, or finish the account's activation, in the Billing console",
        )
    return None


def find_meaning_of_silence(error: BotoCoreError) -> Meaning:
    """Return why a call had no answer."""
    remedy = (
        "check the network, the proxy and AWS_ENDPOINT_URL (of the stand-in: make aws-up)"
        if isinstance(error, UNREACHABLE)
        else "log in, or set AWS_PROFILE to a profile that has credentials"
    )
    return Meaning(join_lines(error), remedy)


def join_lines(error: Exception) -> str:
    """Return the text of *error* in one line, which others go on with."""
    return " ".join(str(error).split()).rstrip(".")


def read_error(error: ClientError) -> tuple[str, str]:
    """Return the code and the words of a refusal."""
    details = error.response["Error"]
    return details["Code"], " ".join(details["Message"].split())


def is_missing(error: ClientError) -> bool:
    """Return whether what was asked for does not exist; SageMaker's codes for that differ, its words do not."""
    code, message = read_error(error)
    return code.startswith(("ResourceNotFound", "NoSuch")) or "does not exist" in message
