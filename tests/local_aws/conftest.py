"""MiniStack's modules read their environment at import."""

import os

import pytest

os.environ.setdefault("MINISTACK_ACCOUNT_ID", "111122223333")
os.environ.setdefault("MINISTACK_REGION", "eu-west-1")
# Where clients would find the server; none is called in these tests.
os.environ.setdefault("BIND_HOST", "127.0.0.1")
os.environ.setdefault("GATEWAY_PORT", "9")


@pytest.fixture(autouse=True)
def _empty_service() -> None:
    from ministack.services import iam

    from local_aws.sagemaker import records

    for table in (
        records.pipelines,
        records.groups,
        records.packages,
        records.executions,
        records.jobs,
        records.tags,
        iam._roles,
    ):
        table.clear()
