"""Which tests stay together in one of pytest's processes."""

LOCAL_AWS = "tests/end_to_end/local_aws/"


def scope(nodeid: str) -> str:
    """Return what a test shares with those that it stays with: its module, or the stand-in for AWS."""
    return LOCAL_AWS if nodeid.startswith(LOCAL_AWS) else nodeid.partition("::")[0]
