"""The key is used by the stacks that are named, and by no other."""

import json

import aws_cdk as cdk
import pytest

from stacks.shared.encryption_key import EncryptionKey


@pytest.mark.parametrize("sid", ["SendAlarms", "EncryptLogs"])
def test_key_with_several_users_lets_each_of_them_use_it(sid: str) -> None:
    app = cdk.App()
    stack = cdk.Stack(app, "Shared", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    users, log_groups = ["training", "deployment"], ["training-*", "deployment-*"]
    EncryptionKey(stack, "Key", description="of two", users=users, log_groups=log_groups)
    (key,) = app.synth().get_stack_by_name("Shared").template["Resources"].values()
    (statement,) = (each for each in key["Properties"]["KeyPolicy"]["Statement"] if each.get("Sid") == sid)
    (arns,) = statement["Condition"]["ArnLike"].values()
    assert [json.dumps(arn).rpartition(":")[2].rstrip('"]}') for arn in arns] == log_groups
