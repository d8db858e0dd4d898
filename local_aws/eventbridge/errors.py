"""Why a delivery failed, in EventBridge's words, and whether it is worth another try."""

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

_THROTTLED = 429
_SERVER_FAULT = 500
_CODES = {
    "AccessDenied": "NO_PERMISSIONS",
    "AccessDeniedException": "NO_PERMISSIONS",
    "AuthorizationError": "NO_PERMISSIONS",
    "InvalidParameter": "INVALID_PARAMETER",
    "InvalidParameterValue": "INVALID_PARAMETER",
    "NotFound": "NO_RESOURCE",
    "ResourceLimitExceeded": "RESOURCE_LIMIT_EXCEEDED",
    "ResourceNotFound": "NO_RESOURCE",
    "ValidationException": "INVALID_PARAMETER",
}
"""Codes of the targets, and EventBridge's for them."""
_THROTTLING = ("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown")
"""What codes of throttling contain or are, whatever their HTTP status."""


class DeliveryError(Exception):
    """A target was not reached, or refused."""

    def __init__(self, code: str, message: str, *, is_transient: bool = False) -> None:
        super().__init__(message)
        self.code = code
        """As in the dead letter's ERROR_CODE."""
        self.is_transient = is_transient
        """Whether EventBridge retries."""


def refused(error: ClientError) -> DeliveryError:
    """Return what a target's refusal means; only throttling and a fault of the target's pass."""
    code: str = error.response["Error"]["Code"]
    status: int = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if status == _THROTTLED or any(word in code for word in _THROTTLING):
        return DeliveryError("THROTTLING", str(error), is_transient=True)
    if status >= _SERVER_FAULT:
        return DeliveryError("ERROR_FROM_TARGET", str(error), is_transient=True)
    return DeliveryError(_CODES.get(code, "ERROR_FROM_TARGET"), str(error))


def unreachable(error: BotoCoreError) -> DeliveryError:
    """Return what it means that a request got no answer, or was not even sent."""
    if isinstance(error, (exceptions.ConnectionError, exceptions.HTTPClientError)):
        return DeliveryError("CONNECTION_FAILURE", str(error), is_transient=True)
    return DeliveryError("SDK_CLIENT_ERROR", str(error))
