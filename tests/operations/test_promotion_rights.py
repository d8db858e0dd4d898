"""The documented rights of a promotion are enough, each is needed, and they let nobody do more."""

import json
import re

import pytest

from artefacts.iam import Policies, Request, decide, read_statements
from artefacts.iam.mutations import narrowings
from operations.promotion.rights import SIDES, build_policy
from operations.rights import KeyRight
from settings import STAGES
from tests.end_to_end.commands import ROOT
from tests.operations.command_line import run

ACCOUNT = "777788889999"
PROMOTER = f"arn:aws:iam::{ACCOUNT}:role/Promoter"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
STAGE = STAGES["prod"]
BUCKET = "arn:aws:s3:::emp-bonus-prod-storage-databucket-1"
_SAGEMAKER = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"
# In both spellings, as nobody knows which one SageMaker asks with.
VERSIONS = [f"{_SAGEMAKER}:model-package/{name}/7" for name in ("EmpBonusPackageGroup", "empbonuspackagegroup")]
GROUPS = [each.replace("model-package/", "model-package-group/").removesuffix("/7") for each in VERSIONS]
THROUGH_S3 = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
PENDING = {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}


def request(action: str, resource: str, **context: str) -> Request:
    return Request(PROMOTER, action, resource, context)


def through_s3(action: str) -> Request:
    return Request(PROMOTER, action, KEY, THROUGH_S3)


READING = [
    *(request("sagemaker:ListModelPackages", arn) for arn in (*GROUPS, *VERSIONS)),
    *(request("sagemaker:DescribeModelPackage", arn) for arn in VERSIONS),
    through_s3("kms:Decrypt"),
]
NEEDS = {
    "source": [
        *READING,
        request("s3:ListBucket", BUCKET),
        request("s3:GetObject", f"{BUCKET}/models/x2x2x2x2x2x2/serving/model.tar.gz"),
    ],
    "target": [
        *READING,
        request(
            "cloudformation:DescribeStacks",
            f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/{STAGE.storage_stack}/1",
        ),
        *(
            request(action, f"{BUCKET}/models/promoted-x2x2x2x2x2x2/serving/model.tar.gz")
            for action in ("s3:PutObject", "s3:GetObject")
        ),
        through_s3("kms:GenerateDataKey"),
        *(Request(PROMOTER, "sagemaker:CreateModelPackage", arn, PENDING) for arn in (*GROUPS, *VERSIONS)),
    ],
}
DANGERS = {
    "source": [
        *(request("sagemaker:UpdateModelPackage", arn) for arn in VERSIONS),
        *(Request(PROMOTER, "sagemaker:CreateModelPackage", arn, PENDING) for arn in VERSIONS),
        request("s3:PutObject", f"{BUCKET}/models/x2x2x2x2x2x2/serving/model.tar.gz"),
        request("s3:GetObject", f"{BUCKET}/raw/employees.csv"),
        through_s3("kms:GenerateDataKey"),
        request("kms:Decrypt", KEY),
    ],
    "target": [
        *(request("sagemaker:UpdateModelPackage", arn) for arn in VERSIONS),
        *(
            Request(PROMOTER, "sagemaker:CreateModelPackage", arn, {"sagemaker:ModelApprovalStatus": "Approved"})
            for arn in VERSIONS
        ),
        request("sagemaker:DeleteModelPackage", VERSIONS[0]),
        request("s3:PutObject", f"{BUCKET}/models/x2x2x2x2x2x2/serving/model.tar.gz"),
        request("s3:PutObject", f"{BUCKET}/raw/employees.csv"),
        request("s3:GetObject", f"{BUCKET}/raw/employees.csv"),
        request("s3:DeleteObject", f"{BUCKET}/models/promoted-x2x2x2x2x2x2/serving/model.tar.gz"),
        request("kms:Decrypt", KEY),
    ],
}


def policies(side: str) -> Policies:
    """Return an account where the promoter has the policy of *side*, and the key leaves rights to the account."""
    statements = tuple(read_statements(build_policy(side, STAGE), side))
    account = {
        "Effect": "Allow",
        "Action": "kms:*",
        "Resource": "*",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    }
    return Policies({PROMOTER: statements}, {KEY: tuple(read_statements({"Statement": [account]}, "key"))}, ACCOUNT)


def allowed(found: Policies, requests: list[Request]) -> list[Request]:
    return [each for each in requests if decide(each, found).allowed]


@pytest.mark.parametrize("side", SIDES)
def test_rights_are_enough_and_let_nobody_do_more(side: str) -> None:
    assert allowed(policies(side), NEEDS[side]) == NEEDS[side]
    assert allowed(policies(side), DANGERS[side]) == []


@pytest.mark.parametrize("side", SIDES)
def test_promotion_is_refused_without_any_part_of_its_rights(side: str) -> None:
    whole = policies(side)
    mutations = [each for statement in whole.identities[PROMOTER] for each in narrowings(statement)]
    assert len(mutations) > len(SIDES[side])
    unnoticed = [each.name for each in mutations if allowed(each.apply(whole), NEEDS[side]) == NEEDS[side]]
    assert unnoticed == []


@pytest.mark.parametrize("side", SIDES)
def test_policy_of_a_side_is_printed_without_asking_anybody(side: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("promote", "--policy", side, "--from-stage", "prod", "--stage", "prod", "--json") == 0
    assert json.loads(capsys.readouterr().out) == build_policy(side, STAGE)


@pytest.mark.parametrize("side", SIDES)
def test_document_names_every_right_with_its_source(side: str) -> None:
    rows = (ROOT / "docs/promotion.md").read_text(encoding="utf-8").splitlines()
    for needed in SIDES[side].values():
        actions = needed.right.actions if isinstance(needed.right, KeyRight) else (needed.right.action,)
        words = [side, *actions, needed.purpose, needed.source]
        assert any(all(re.search(re.escape(word), row) for word in words) for row in rows), words
