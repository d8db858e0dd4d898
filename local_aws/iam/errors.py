"""What is answered when IAM says no."""


class AccessDeniedError(Exception):
    """IAM denied a call; the text is AWS's."""

    def __init__(self, principal: str, action: str, resource: str) -> None:
        super().__init__(
            f"User: {principal} is not authorized to perform: {action} on resource: {resource} "
            f"because no policy allows the {action} action"
        )
