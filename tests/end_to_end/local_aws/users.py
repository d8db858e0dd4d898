"""People with rights of their own."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local_aws.clients import Credentials
from tests.end_to_end.local_aws.aws import LocalAws

_NAME = "somebody"


@contextmanager
def user(aws: LocalAws, statement: Mapping[str, Any]) -> Iterator[Credentials]:
    """Make a user who may do what *statement* says and nothing else, and who is gone at the end of the block."""
    iam = aws.client("iam")
    iam.create_user(UserName=_NAME)
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=_NAME, PolicyName="Rights", PolicyDocument=document)
    key = iam.create_access_key(UserName=_NAME)["AccessKey"]
    try:
        yield Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    finally:
        iam.delete_access_key(UserName=_NAME, AccessKeyId=key["AccessKeyId"])
        iam.delete_user_policy(UserName=_NAME, PolicyName="Rights")
        iam.delete_user(UserName=_NAME)
