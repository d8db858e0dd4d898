"""The local registry counts versions, keeps decisions, and answers AWS clients as SageMaker would."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from artefacts.assembly import Account
from local_runner.errors import StepFailedError
from local_runner.on_disk.aws_endpoint import OPERATIONS
from local_runner.on_disk.model_registry import DirectoryRegistry, UnknownPackageError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GROUP = "EmpBonusPackageGroup"
REQUEST = {"ModelPackageGroupName": GROUP, "ModelApprovalStatus": "PendingManualApproval"}


@pytest.fixture
def registry(tmp_path: Path) -> DirectoryRegistry:
    return DirectoryRegistry(tmp_path / "registry", Account("1" * 12, "eu-west-1"), frozenset({"EmpBonusPackageGroup"}))


def test_versions_count_up_from_1_and_keep_their_approval_status(registry: DirectoryRegistry) -> None:
    versions = [registry.create("Register", REQUEST, NOW) for _ in range(3)]
    assert [each["ModelPackageVersion"] for each in versions] == [1, 2, 3]
    assert versions[0]["ModelApprovalStatus"] == "PendingManualApproval"
    assert versions[2]["ModelPackageArn"].endswith(":model-package/empbonuspackagegroup/3")
    kept = json.loads((registry.folder / "EmpBonusPackageGroup" / "3.json").read_text())
    assert kept == versions[2]


def test_two_runs_at_once_get_versions_of_their_own(registry: DirectoryRegistry) -> None:
    barrier = threading.Barrier(8)

    def register(_: int) -> int:
        barrier.wait()
        return int(registry.create("Register", REQUEST, NOW)["ModelPackageVersion"])

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(register, range(8))) == list(range(1, 9))


def test_group_that_is_not_deployed_fails_the_step(registry: DirectoryRegistry) -> None:
    with pytest.raises(StepFailedError, match="model package group Other does not exist"):
        registry.create("Register", REQUEST | {"ModelPackageGroupName": "Other"}, NOW)


def test_decision_is_kept_and_the_newest_approved_version_comes_first(registry: DirectoryRegistry) -> None:
    for _ in range(3):
        registry.create("Register", REQUEST, NOW)
    for version in (1, 2):
        registry.decide(GROUP, version, "Approved", NOW)
    assert [each["ModelPackageVersion"] for each in registry.list(GROUP)] == [3, 2, 1]
    assert [each["ModelPackageVersion"] for each in registry.list(GROUP, "Approved")] == [2, 1]
    registry.decide(GROUP, 2, "Rejected", NOW)
    assert [each["ModelPackageVersion"] for each in registry.list(GROUP, "Approved")] == [1]


def test_decision_about_a_version_that_does_not_exist_is_refused_with_the_choice(registry: DirectoryRegistry) -> None:
    with pytest.raises(
        UnknownPackageError, match="version 1 of EmpBonusPackageGroup does not exist: choose from none yet"
    ):
        registry.decide(GROUP, 1, "Approved", NOW)
    registry.create("Register", REQUEST, NOW)
    with pytest.raises(UnknownPackageError, match="version 2 of EmpBonusPackageGroup does not exist: choose from 1"):
        registry.decide(GROUP, 2, "Approved", NOW)


def test_client_sees_what_the_registry_has(registry: DirectoryRegistry) -> None:
    package = registry.create("Register", REQUEST, NOW)
    (summary,) = OPERATIONS["ListModelPackages"](registry, {"ModelPackageGroupName": GROUP})["ModelPackageSummaryList"]
    assert summary["ModelPackageArn"] == package["ModelPackageArn"]
    described = OPERATIONS["DescribeModelPackage"](registry, {"ModelPackageName": package["ModelPackageArn"]})
    assert described == package


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("ListModelPackages", {"ModelPackageGroupName": "Other"}),
        ("DescribeModelPackage", {"ModelPackageName": "arn:aws:sagemaker:eu-west-1:1:model-package/x/1"}),
    ],
)
def test_missing_versions_and_groups_are_refused_by_name(
    registry: DirectoryRegistry, operation: str, request_: dict[str, str]
) -> None:
    with pytest.raises(UnknownPackageError, match="does not exist"):
        OPERATIONS[operation](registry, request_)
