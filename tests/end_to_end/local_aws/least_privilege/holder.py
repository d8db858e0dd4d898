"""Somebody who has one managed policy, and nothing else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from local_aws.clients import Credentials
from tests.end_to_end.local_aws.aws import LocalAws
from tests.security.deployed_stage import ACCOUNT


@dataclass(frozen=True)
class Holder:
    """A role for people: what users do is not among the decisions that the stand-in writes down."""

    aws: LocalAws
    arn: str

    def client(self, service: Any) -> Any:
        """Return a client of *service* with the rights of the policy."""
        session = self.aws.client("sts").assume_role(RoleArn=self.arn, RoleSessionName="person")["Credentials"]
        credentials = Credentials(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
        return self.aws.client(service, credentials)


@contextmanager
def holder(aws: LocalAws, policy: str) -> Iterator[Holder]:
    """Give *policy* (an ARN) to somebody who is gone at the end of the block."""
    iam, name = aws.client("iam"), policy.rpartition("/")[2]
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    try:
        yield Holder(aws, arn)
    finally:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy)
        iam.delete_role(RoleName=name)
