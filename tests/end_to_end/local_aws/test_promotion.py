"""A version goes from one account to another, by two sets of credentials that hold the documented rights alone."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations.aws_errors import DENIED
from operations.promotion.copying import split
from operations.promotion.promote import Promotion, promote
from operations.promotion.rights import SIDES
from operations.promotion.side import Side, SideError
from operations.rights import Right
from tests.end_to_end.commands import ROOT
from tests.end_to_end.local_aws import two_accounts
from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.two_accounts import STAGE_OF, Promoter
from tests.operations import promoted_version

RIGHTS = [
    (side, needed.right.action)
    for side, rights in SIDES.items()
    for needed in rights.values()
    if isinstance(
        needed.right, Right
    )  # the stand-in asks for no right on a key: tests/operations/test_promotion_rights.py
]


@dataclass(frozen=True)
class TwoAccounts:
    """The accounts, and who promotes."""

    aws: LocalAws
    version: str
    """ARN, in the source."""
    bucket: str
    """Of the target."""
    own: str
    """ARN of a version that the target's own pipeline has made."""
    promoters: dict[str, Promoter]

    def promote(self) -> Promotion:
        sides = [Side(name, STAGE_OF[name], each.connect()) for name, each in self.promoters.items()]
        return promote(self.version, *sides, now=datetime.now(UTC), in_region=lambda image: image)

    def registered(self) -> list[str]:
        """Return the ARNs of the target's versions, but for its own."""
        listed = two_accounts.root(self.aws, "target", "sagemaker").list_model_packages(
            ModelPackageGroupName=STAGE_OF["target"].model_package_group_name
        )
        return [arn for each in listed["ModelPackageSummaryList"] if (arn := each["ModelPackageArn"]) != self.own]

    def read(self, uri: str) -> bytes:
        bucket, key = split(uri)
        s3 = two_accounts.root(self.aws, "target", "s3")
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    def forget(self) -> None:
        """Delete what was promoted."""
        sagemaker, s3 = (two_accounts.root(self.aws, "target", each) for each in ("sagemaker", "s3"))
        for arn in self.registered():
            sagemaker.delete_model_package(ModelPackageName=arn)
        for each in s3.list_objects_v2(Bucket=self.bucket).get("Contents", []):
            s3.delete_object(Bucket=self.bucket, Key=each["Key"])


@pytest.fixture(scope="module")
def both(aws: LocalAws) -> TwoAccounts:
    version, (bucket, own) = two_accounts.set_up_source(aws), two_accounts.set_up_target(aws)
    return TwoAccounts(aws, version, bucket, own, {side: two_accounts.make_promoter(aws, side) for side in SIDES})


@pytest.fixture
def accounts(both: TwoAccounts) -> TwoAccounts:
    """The accounts, with nothing promoted yet."""
    both.forget()
    return both


def described(accounts: TwoAccounts, arn: str) -> dict[str, Any]:
    sagemaker = two_accounts.root(accounts.aws, "target", "sagemaker")
    return dict(sagemaker.describe_model_package(ModelPackageName=arn))


def run_command(accounts: TwoAccounts, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Promote on the command line, with a profile for each account."""
    profiles = folder / "credentials"
    lines = [
        line
        for side, each in accounts.promoters.items()
        for line in (
            f"[{side}]",
            f"aws_access_key_id = {each.credentials.access_key}",
            f"aws_secret_access_key = {each.credentials.secret}",
        )
    ]
    profiles.write_text("\n".join(lines), encoding="utf-8")
    environment = {**os.environ, **accounts.aws.environment, "AWS_SHARED_CREDENTIALS_FILE": str(profiles)}
    command = f"promote {accounts.version} --from-profile source --to-profile target --stage prod --json"
    return subprocess.run(
        [sys.executable, "-m", "operations", *command.split()],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_approved_version_waits_for_approval_in_the_other_account(accounts: TwoAccounts, tmp_path: Path) -> None:
    run = run_command(accounts, tmp_path)
    assert run.returncode == 0, run.stderr
    (arn,) = accounts.registered()
    package = described(accounts, arn)
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert package["CustomerMetadataProperties"]["PromotedFrom"] == accounts.version
    text = json.dumps(package, default=str)
    assert promoted_version.BUCKET not in text
    moved = {each["target"]: each for each in json.loads(run.stdout)["objects"]}
    assert {accounts.read(uri) for uri in moved} == set(promoted_version.FILES.values())
    assert all(uri.startswith(f"s3://{accounts.bucket}/models/promoted-x2x2x2x2x2x2/") for uri in moved)
    record = json.loads(accounts.read(package["CustomerMetadataProperties"]["PromotionRecord"]))
    assert {each["target"]: each["sha256"] for each in record["objects"]} == {
        uri: hashlib.sha256(accounts.read(uri)).hexdigest() for uri in moved
    }


def test_second_promotion_finds_the_first(accounts: TwoAccounts) -> None:
    first, second = accounts.promote(), accounts.promote()
    assert (second.already, second.target) == (True, first.target)
    assert accounts.registered() == [first.target]


@pytest.mark.parametrize(("side", "action"), RIGHTS)
def test_promotion_without_a_right_registers_nothing_and_goes_on_with_it(
    accounts: TwoAccounts, side: str, action: str
) -> None:
    with accounts.promoters[side].without(action), pytest.raises(SideError) as refused:
        accounts.promote()
    assert refused.value.name == side
    assert refused.value.code in DENIED
    assert accounts.registered() == []
    assert not accounts.promote().already
    assert len(accounts.registered()) == 1


def test_promoter_may_neither_approve_nor_touch_other_models(accounts: TwoAccounts) -> None:
    promoter, promoted = accounts.promoters["target"], accounts.promote()
    sagemaker, s3 = promoter.client("sagemaker"), promoter.client("s3")
    calls: list[Callable[[], object]] = [
        lambda: sagemaker.update_model_package(ModelPackageArn=promoted.target, ModelApprovalStatus="Approved"),
        lambda: sagemaker.create_model_package(
            **{
                **promoted_version.request("777788889999"),
                "ModelPackageGroupName": STAGE_OF["target"].model_package_group_name,
                "ModelApprovalStatus": "Approved",
            }
        ),
        lambda: s3.put_object(Bucket=accounts.bucket, Key="models/x2x2x2x2x2x2/serving/model.tar.gz", Body=b"other"),
        lambda: s3.put_object(Bucket=accounts.bucket, Key="raw/more.csv", Body=b"other"),
        lambda: s3.delete_object(Bucket=accounts.bucket, Key="models/promoted-x2x2x2x2x2x2/promotion.json"),
    ]
    for call in calls:
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
