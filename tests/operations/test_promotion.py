"""A promotion brings the files over first, and registers only what arrived whole."""

import fnmatch
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from operations.promotion.copying import split
from operations.promotion.promote import Promotion, promote
from operations.promotion.rights import SIDES, SOURCE, TARGET
from operations.promotion.side import Side, SideError
from operations.refusal import RefusedError
from operations.rights import Right
from settings import STAGES
from tests.end_to_end.commands import ROOT
from tests.operations import promoted_version
from tests.operations.command_line import CLOCK
from tests.operations.fake_account import FakeAccount, Refusal, describe_stacks
from tests.operations.fake_registry import GROUP, KEY, TARGET_ACCOUNT, Bucket, Registry
from tests.operations.promoted_version import FILES, MODEL, OTHERS, SERVING

SOURCE_ACCOUNT = "444455556666"
BUCKET = "emp-bonus-dev-storage-databucket-1"
"""That `describe_stacks` tells of."""
FOLDER = f"s3://{BUCKET}/models/promoted-x2x2x2x2x2x2"


@dataclass
class Accounts:
    """Both accounts; a test changes what they have before it promotes."""

    there: Registry = field(default_factory=lambda: Registry([promoted_version.package(SOURCE_ACCOUNT)]))
    files: Bucket = field(default_factory=lambda: Bucket({**FILES, **OTHERS}))
    here: Registry = field(default_factory=lambda: Registry([]))
    copies: Bucket = field(default_factory=lambda: Bucket({}))
    answers: dict[str, Any] = field(default_factory=dict)
    """Of the target, that differ."""
    called: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    """Side -> operation -> requests."""

    def promote(self, wanted: str = "4", stage: str = "prod") -> Promotion:
        source = FakeAccount({**self.there.answers, **self.files.answers, **_identity(SOURCE_ACCOUNT)})
        target = FakeAccount(
            {
                **self.here.answers,
                **self.copies.answers,
                **_identity(TARGET_ACCOUNT),
                "DescribeStacks": describe_stacks("CREATE_COMPLETE"),
                **self.answers,
            }
        )
        self.called = {"source": source.called, "target": target.called}
        return promote(
            wanted,
            Side("source", STAGES["dev"], source.connect("eu-west-1")),
            Side("target", STAGES[stage], target.connect("eu-west-1")),
            now=CLOCK.now(),
            in_region=lambda image: image.replace("eu-west-1", "us-east-1"),
        )


def _identity(account: str) -> dict[str, Any]:
    arn = f"arn:aws:sts::{account}:assumed-role/Promoter/anna,maria"
    return {"GetCallerIdentity": {"Account": account, "Arn": arn, "UserId": "x"}}


def texts(node: Any) -> list[str]:
    match node:
        case dict():
            return [text for value in node.values() for text in texts(value)]
        case list():
            return [text for value in node for text in texts(value)]
    return [node] if isinstance(node, str) else []


def test_every_file_that_the_package_points_at_goes_along_and_no_other() -> None:
    accounts = Accounts()
    promotion = accounts.promote()
    moved = {uri: content for uri, content in accounts.copies.objects.items() if not uri.endswith("/promotion.json")}
    names = [
        "emp-bonus-dev-train-w1w1w1w1w1w1-QWFvU4DVv4-0/output/model.tar.gz",
        "serving/model.tar.gz",
        "serving/sample_payload.tar.gz",
    ]
    names += ["serving/smoke_test.json", "evaluation/evaluation.json", "data-quality/data_quality.json"]
    names += ["feature-model/feature_model.json"]
    assert set(moved) == {f"{FOLDER}/{name}" for name in names}
    assert {each.source: moved[each.target] for each in promotion.objects} == FILES
    assert {each.sha256 for each in promotion.objects} == {hashlib.sha256(each).hexdigest() for each in FILES.values()}


def test_package_waits_there_and_points_at_nothing_of_the_source() -> None:
    accounts = Accounts()
    promotion = accounts.promote()
    (package,) = accounts.here.packages
    assert (package["ModelPackageArn"], package["ModelApprovalStatus"]) == (promotion.target, "PendingManualApproval")
    assert package["ModelPackageGroupName"] == GROUP
    uris = [text for text in texts(package) if text.startswith("s3://")]
    assert uris
    assert all(uri.startswith(FOLDER) for uri in uris)
    container = package["AdditionalInferenceSpecifications"][0]["Containers"][0]
    assert container["ModelDataUrl"] == f"{FOLDER}/serving/model.tar.gz"
    assert container["Environment"] == {"MODEL_VERSION": "x2x2x2x2x2x2"}
    assert container["Image"].startswith("141502667606.dkr.ecr.us-east-1.")


def test_package_tells_where_it_came_from() -> None:
    accounts = Accounts()
    accounts.promote()
    (package,) = accounts.here.packages
    metadata = package["CustomerMetadataProperties"]
    assert metadata["PromotedFrom"] == promoted_version.package(SOURCE_ACCOUNT)["ModelPackageArn"]
    # A comma is in no value that SageMaker takes.
    assert metadata["PromotedBy"] == f"arn:aws:sts::{TARGET_ACCOUNT}:assumed-role/Promoter/anna-maria"
    assert metadata["Rmse"] == "1212.3"
    assert package["MetadataProperties"] == {"GeneratedBy": promoted_version.execution_arn(SOURCE_ACCOUNT)}
    record = accounts.copies.objects[metadata["PromotionRecord"]]
    assert metadata["PromotionRecordSha256"] == hashlib.sha256(record).hexdigest()
    assert b"better for all departments" in record


def test_model_card_goes_along() -> None:
    accounts = Accounts()
    accounts.promote()
    (request,) = accounts.called["target"]["CreateModelPackage"]
    assert request["ModelCard"] == accounts.there.packages[0]["ModelCard"]


def test_instances_are_those_of_the_stage_that_it_goes_to() -> None:
    accounts = Accounts()
    accounts.promote()
    registration = STAGES["prod"].registration
    for each in (
        accounts.here.packages[0]["InferenceSpecification"],
        accounts.here.packages[0]["AdditionalInferenceSpecifications"][0],
    ):
        assert each["SupportedRealtimeInferenceInstanceTypes"] == list(registration.inference_instance_types)
        assert each["SupportedTransformInstanceTypes"] == list(registration.transform_instance_types)


def test_what_is_of_the_sources_own_stays_behind_and_unknown_members_are_told() -> None:
    accounts = Accounts()
    package = accounts.there.packages[0]
    package["InferenceSpecification"]["Containers"][0] |= {"ImageDigest": "sha256:1", "ModelDataETag": "2"}
    package["ModelLifeCycle"] = {"Stage": "Development", "StageStatus": "PendingApproval"}
    assert accounts.promote().left_behind == ("ModelLifeCycle",)
    assert not {"ImageDigest", "ModelDataETag"} & set(
        accounts.here.packages[0]["InferenceSpecification"]["Containers"][0]
    )


def test_second_promotion_is_told_and_changes_nothing() -> None:
    accounts = Accounts()
    first = accounts.promote()
    second = accounts.promote()
    assert (second.already, second.target, second.status) == (True, first.target, "PendingManualApproval")
    assert not {"PutObject", "CreateModelPackage"} & set(accounts.called["target"])


def test_version_of_a_group_that_was_made_anew_is_another_one() -> None:
    accounts = Accounts()
    accounts.promote()
    later = promoted_version.execution_arn(SOURCE_ACCOUNT).replace("x2x2x2x2x2x2", "y3y3y3y3y3y3")
    accounts.there.packages[0]["MetadataProperties"] = {"GeneratedBy": later}
    assert not accounts.promote().already


def test_broken_off_promotion_goes_on_with_what_is_there() -> None:
    accounts = Accounts()
    accounts.copies.objects[f"{FOLDER}/serving/model.tar.gz"] = FILES[SERVING]
    assert [each.source for each in accounts.promote().objects if each.was_there] == [SERVING]


REFUSED: dict[str, tuple[Callable[[Accounts], object], str]] = {
    "a version that nobody has approved": (
        lambda found: found.there.packages[0].update(ModelApprovalStatus="PendingManualApproval"),
        "EmpBonusPackageGroup-dev version 4 is PendingManualApproval in account 444455556666",
    ),
    "a version that was rejected": (
        lambda found: found.there.packages[0].update(ModelApprovalStatus="Rejected"),
        "is Rejected in account",
    ),
    "a file that is gone": (lambda found: found.files.objects.pop(MODEL), f"{MODEL} does not exist"),
    "an artefact without its smoke test": (
        lambda found: found.files.objects.pop(promoted_version.SMOKE_TEST),
        "smoke_test.json does not exist",
    ),
    "another file of that name": (
        lambda found: found.copies.objects.update({f"{FOLDER}/serving/model.tar.gz": b"other"}),
        "serving/model.tar.gz is another file than was sent",
    ),
    "a key of another account": (
        lambda found: setattr(found.copies, "key", KEY.replace(TARGET_ACCOUNT, SOURCE_ACCOUNT)),
        "which is no key of account 777788889999",
    ),
    "a file outside of models/": (
        lambda found: (
            found.there.packages[0].update(SamplePayloadUrl="s3://other/raw/sample.csv"),
            found.files.objects.update({"s3://other/raw/sample.csv": b"1"}),
        ),
        "points at s3://other/raw/sample.csv, outside of models/",
    ),
    "two files that would become one": (
        lambda found: (
            found.there.packages[0].update(SamplePayloadUrl=SERVING.replace("x2x2x2x2x2x2", "z1z1z1z1z1z1")),
            found.files.objects.update({SERVING.replace("x2x2x2x2x2x2", "z1z1z1z1z1z1"): b"1"}),
        ),
        "have one name beside each other",
    ),
    "a version that no execution made": (
        lambda found: found.there.packages[0].pop("MetadataProperties"),
        "names no execution",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_nothing_is_registered_where_a_promotion_is_refused(case: str) -> None:
    accounts = Accounts()
    change, line = REFUSED[case]
    change(accounts)
    with pytest.raises(RefusedError, match=line):
        accounts.promote()
    assert accounts.here.packages == []


def test_promotion_into_its_own_group_is_refused() -> None:
    with pytest.raises(RefusedError, match="is in account 444455556666 already"):
        Accounts(answers=_identity(SOURCE_ACCOUNT)).promote(stage="dev")


@pytest.mark.parametrize("operation", ["PutObject", "HeadObject", "CreateModelPackage", "DescribeStacks"])
def test_refusal_of_an_account_says_which_and_registers_nothing(operation: str) -> None:
    accounts = Accounts(answers={operation: Refusal("AccessDenied")})
    with pytest.raises(SideError) as refused:
        accounts.promote()
    assert (refused.value.name, refused.value.code) == ("target", "AccessDenied")
    assert accounts.here.packages == []


def test_every_call_has_its_right_and_every_right_its_call() -> None:
    accounts = Accounts()
    accounts.promote()
    first = accounts.called
    accounts.there.packages.append({**promoted_version.package(SOURCE_ACCOUNT, 5)})
    accounts.there.packages[1]["MetadataProperties"] = {"GeneratedBy": "arn:x/execution/y3y3y3y3y3y3"}
    accounts.promote("5")  # now there is a version in the target to be looked at
    for side, listed in (("source", SOURCE), ("target", TARGET)):
        made = {*first[side], *accounts.called[side]} - {"GetCallerIdentity"}  # takes no right
        assert made == {name for name, needed in listed.items() if isinstance(needed.right, Right)}
    assert set(SIDES) == {"source", "target"}


@pytest.mark.parametrize("name", ["model.tar.gz", "smoke_test.json"])
def test_files_that_serve_lie_where_roles_of_the_deployment_may_read_them(name: str) -> None:
    accounts = Accounts()
    accounts.promote()
    template = (ROOT / "tests/golden/prod/deployment.template.json").read_text(encoding="utf-8")
    (pattern,) = set(re.findall(rf'"/(models/[^"]*/{re.escape(name)})"', template))
    found = [uri for uri in accounts.copies.objects if fnmatch.fnmatchcase(split(uri)[1], pattern)]
    assert found == [f"{FOLDER}/serving/{name}"]
