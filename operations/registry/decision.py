"""The decision of a person about a version, which is kept with its reason in the registry."""

from operations.refusal import RefusedError
from operations.registry.registry import Registry
from operations.registry.version import PENDING, Version


def check_decision(version: Version, status: str, *, anew: bool) -> None:
    """Raise `RefusedError` where *version* is decided about and *anew* is not said."""
    if version.status == status:
        raise RefusedError(f"{version.name} is {status} already{_decided(version)}: nothing is to be done")
    if version.status != PENDING and not anew:
        raise RefusedError(f"{version.name} is {version.status}{_decided(version)}: add --anew to decide anew")


def decide(registry: Registry, shown: Version, status: str, reason: str) -> None:
    """Give the version that was *shown* its *status*; raise `RefusedError` where somebody was quicker."""
    found = registry.describe(shown.number)
    if found.status != shown.status:
        raise RefusedError(f"{shown.name} has become {found.status} meanwhile{_decided(found)}: look again")
    registry.decide(found, status, reason)


def _decided(version: Version) -> str:
    """Return when and why, and who as far as it is known, for the middle of a sentence."""
    known = [
        f"since {version.modified}" if version.modified else "",
        f"by {version.modified_by}" if version.modified_by else "",
        f"({version.reason})" if version.reason else "",
    ]
    return "".join(f" {each}" for each in known if each)
