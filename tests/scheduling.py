"""Which tests stay together in one of pytest's processes, and which come first."""

SHARED = {
    "tests/end_to_end/local_aws/test_destroy.py": "destroy",  # a server of its own
    "tests/end_to_end/local_aws/test_monitoring.py": "monitoring",  # likewise
    "tests/end_to_end/local_aws/": "local_aws",  # one server
    "tests/security/": "security",  # the worlds and their questions
    "tests/stacks/": "stacks",  # the synthesis of all stages
    "tests/artefacts/definition/": "definitions",
    "tests/pipeline_definition/": "definitions",
    "tests/test_settings.py": "definitions",
    "tests/operations/pipeline_diff/": "pipeline diff",  # the sides that are compared
    "tests/local_aws/": "ministack",  # takes a second to import
}
"""Module or folder -> what its tests share, which is costly to make; the first that fits counts."""

LONGEST = ("tests/end_to_end/local_aws/", "tests/end_to_end/", "tests/security/", "tests/stacks/", "tests/processing/")


def group(nodeid: str) -> str:
    """Return the group of a test: what its folder shares, else its module."""
    return next((name for folder, name in SHARED.items() if nodeid.startswith(folder)), nodeid.partition("::")[0])


def rank(nodeid: str) -> int:
    """Return a lower number for what takes longer: begun late, it would keep one process when the others are done."""
    return next((rank for rank, folder in enumerate(LONGEST) if nodeid.startswith(folder)), len(LONGEST))
