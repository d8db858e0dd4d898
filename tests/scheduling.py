"""Which tests stay together in one of pytest's processes, and which come first."""

BY_MODULE = "tests/end_to_end"
"""Its modules take long, and share little."""
TOGETHER = "tests/end_to_end/local_aws/"
"""All below it has one server."""
LONGEST = (TOGETHER, "tests/end_to_end/", "tests/processing/", "tests/security/", "tests/stacks/")


def scope(nodeid: str) -> str:
    """Return what a test stays together with: its folder, whose tests share what is costly, or its module."""
    if nodeid.startswith(TOGETHER):
        return TOGETHER
    module = nodeid.partition("::")[0]
    folder = module.rpartition("/")[0]
    return module if folder == BY_MODULE else folder


def rank(nodeid: str) -> int:
    """Return a lower number for what takes longer: begun late, it would keep one process when the others are done."""
    return next((rank for rank, folder in enumerate(LONGEST) if nodeid.startswith(folder)), len(LONGEST))
