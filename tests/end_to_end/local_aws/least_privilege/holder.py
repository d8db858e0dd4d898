"""Somebody who has one managed policy, and nothing else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from tests.end_to_end.local_aws.aws import LocalAws
from tests.security.deployment import ACCOUNT


@dataclass(frozen=True)
class Holder:
    """A role for people: what users do is not among the decisions that the stand-in writes down."""

    aws: LocalAws
    arn: str

    def client(self, service: Any) -> Any:
        """Return a client of *service* with the rights of the policy."""
        session = self.aws.client("sts").assume_role(RoleArn=self.arn, RoleSessionName="person")["Credentials"]
        return boto3.client(
            service,
            aws_access_key_id=session["AccessKeyId"],
            aws_secret_access_key=session["SecretAccessKey"],
            aws_session_token=session["SessionToken"],
            region_name=self.aws.environment["AWS_REGION"],
            endpoint_url=self.aws.environment["AWS_ENDPOINT_URL"],
            verify=self.aws.environment["AWS_CA_BUNDLE"],
        )


@contextmanager
def holder(aws: LocalAws, policy: str) -> Iterator[Holder]:
    """Give *policy* (an ARN) to somebody who is gone at the end of the block."""
    iam, name = aws.client("iam"), "holder"
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    try:
        yield Holder(aws, arn)
    finally:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy)
        iam.delete_role(RoleName=name)
