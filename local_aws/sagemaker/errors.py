"""What the service answers when it refuses."""


class ApiError(Exception):
    """A refusal, with the service's code for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def invalid(message: str) -> ApiError:
    """Return the refusal of a request that cannot be right."""
    return ApiError("ValidationException", message)


def not_found(kind: str, name: str) -> ApiError:
    """Return the refusal of a request for what does not exist."""
    return ApiError("ResourceNotFound", f"{kind} '{name}' does not exist.")
