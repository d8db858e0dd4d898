"""What is answered when IAM says no."""


class AccessDeniedError(Exception):
    """IAM denied a call; the text is AWS's."""

    def __init__(self, principal: str, action: str, resource: str) -> None:
        # A service that acts in its own name has no policies; the resource's must let it.
        kind = "identity-based" if principal.startswith("arn:") else "resource-based"
        super().__init__(
            f"User: {principal} is not authorized to perform: {action} on resource: {resource} "
            f"because no {kind} policy allows the {action} action"
        )
