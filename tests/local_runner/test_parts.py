"""The runner's small parts: parameters, S3 as a directory, the registry, the step cache."""

import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local_runner.errors import RefusedError, StepFailedError
from local_runner.images import LINEAR_LEARNER, SCIKIT_LEARN, repository
from local_runner.intrinsics import Account
from local_runner.parameters import parameter_values
from local_runner.registry import DirectoryRegistry
from local_runner.step_cache import Hit, Result, StepCache
from local_runner.store import DirectoryStore, content_hash
from pipeline_language.graph import Step, all_steps

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

DECLARED: list[dict[str, Any]] = [
    {"Name": "Data", "Type": "String"},
    {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
    {"Name": "Rate", "Type": "Float", "DefaultValue": 0.5},
    {"Name": "Fast", "Type": "Boolean", "DefaultValue": False},
    {"Name": "Status", "Type": "String", "DefaultValue": "No", "EnumValues": ["No", "Yes"]},
]


def test_parameters_are_typed_and_the_others_have_their_defaults() -> None:
    given = {"Data": "x", "Count": "3", "Fast": "true", "Status": "Yes"}
    expected = {"Data": "x", "Count": 3, "Rate": 0.5, "Fast": True, "Status": "Yes"}
    assert parameter_values(DECLARED, given) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "parameter Data has no default: add --set Data=VALUE"),
        ({"Data": "x", "Cout": "3"}, "parameter Cout does not exist: choose from Data, Count"),
        ({"Data": "x", "Count": "three"}, "parameter Count is 'three': give a value of type Integer"),
        ({"Data": "x", "Fast": "yes"}, "parameter Fast is 'yes': give a value of type Boolean"),
        ({"Data": "x", "Status": "Maybe"}, "parameter Status is 'Maybe': choose from No, Yes"),
    ],
)
def test_a_parameter_that_the_service_would_refuse_is_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        parameter_values(DECLARED, given)


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "s3")


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_what_is_uploaded_can_be_downloaded(store: DirectoryStore, tmp_path: Path) -> None:
    store.upload(write(tmp_path / "out", a="1", b="2"), "s3://bucket/prefix")
    store.download("s3://bucket/prefix", tmp_path / "in")
    assert {path.name: path.read_text() for path in (tmp_path / "in").iterdir()} == {"a": "1", "b": "2"}
    store.download("s3://bucket/prefix/a", tmp_path / "one")
    assert (tmp_path / "one" / "a").read_text() == "1"


def test_a_job_that_changes_its_input_does_not_change_the_bucket(store: DirectoryStore, tmp_path: Path) -> None:
    store.upload(write(tmp_path / "out", a="1"), "s3://bucket/prefix")
    store.download("s3://bucket/prefix", tmp_path / "in")
    (tmp_path / "in" / "a").write_text("changed")
    assert store.path("s3://bucket/prefix/a").read_text() == "1"


def test_two_instances_that_write_the_same_object_fail_the_step(store: DirectoryStore, tmp_path: Path) -> None:
    store.upload(write(tmp_path / "one", a="1"), "s3://bucket/prefix")
    with pytest.raises(StepFailedError, match="two instances wrote a to s3://bucket/prefix"):
        store.upload(write(tmp_path / "two", a="2"), "s3://bucket/prefix")


def test_a_prefix_without_objects_fails_the_step(store: DirectoryStore, tmp_path: Path) -> None:
    with pytest.raises(StepFailedError, match="ClientError: no S3 objects found under s3://bucket/nothing"):
        store.download("s3://bucket/nothing", tmp_path / "in")


@pytest.mark.parametrize("uri", ["bucket/key", "https://bucket/key", "s3:///key", "s3://bucket/../../etc/passwd"])
def test_what_is_no_s3_uri_fails_the_step(store: DirectoryStore, uri: str) -> None:
    with pytest.raises(StepFailedError, match="is no S3 URI"):
        store.path(uri)


def test_the_version_of_an_input_is_its_content_not_its_name_or_place(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", a="1"), write(tmp_path / "other", b="1")
    assert content_hash(one / "a") == content_hash(other / "b")
    assert content_hash(one / "a") == "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    assert content_hash(one) != content_hash(other), "in a folder the names count"
    assert content_hash(one) == content_hash(write(tmp_path / "copy", a="1"))


REQUEST = {"ModelPackageGroupName": "EmpBonusPackageGroup", "ModelApprovalStatus": "PendingManualApproval"}


@pytest.fixture
def registry(tmp_path: Path) -> DirectoryRegistry:
    return DirectoryRegistry(tmp_path / "registry", Account("1" * 12, "eu-west-1"), frozenset({"EmpBonusPackageGroup"}))


def test_versions_count_up_from_1_and_keep_their_approval_status(registry: DirectoryRegistry) -> None:
    versions = [registry.create(REQUEST, NOW) for _ in range(3)]
    assert [each["ModelPackageVersion"] for each in versions] == [1, 2, 3]
    assert versions[0]["ModelApprovalStatus"] == "PendingManualApproval"
    assert versions[2]["ModelPackageArn"].endswith(":model-package/empbonuspackagegroup/3")
    kept = json.loads((registry.folder / "EmpBonusPackageGroup" / "3.json").read_text())
    assert kept == versions[2]


def test_two_runs_at_once_get_versions_of_their_own(registry: DirectoryRegistry) -> None:
    barrier = threading.Barrier(8)

    def register(_: int) -> int:
        barrier.wait()
        return int(registry.create(REQUEST, NOW)["ModelPackageVersion"])

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(register, range(8))) == list(range(1, 9))


def test_a_group_that_is_not_deployed_fails_the_step(registry: DirectoryRegistry) -> None:
    with pytest.raises(StepFailedError, match="model package group Other does not exist"):
        registry.create(REQUEST | {"ModelPackageGroupName": "Other"}, NOW)


ARGUMENTS: dict[str, Any] = {
    "AppSpecification": {"ImageUri": "image"},
    "Environment": {"DATA_VERSION": "1"},
    "ProcessingInputs": [{"S3Input": {"S3Uri": "s3://b/raw/"}}],
    "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1}},
    "ProcessingOutputConfig": {"Outputs": []},
    "RoleArn": "role",
}


def step(name: str = "Prepare", **more: Any) -> Step:
    cache = {"Enabled": True, "ExpireAfter": "P30D"}
    (found,) = all_steps([{"Name": name, "Type": "Processing", "Arguments": {}, "CacheConfig": cache, **more}])
    return found


@pytest.fixture
def cache(tmp_path: Path) -> StepCache:
    cache = StepCache(tmp_path / "cache", "arn:pipeline/bonus", may_reuse=True)
    outputs = {"train": str(write(tmp_path / "out", a="1"))}
    cache.add(step(), ARGUMENTS, Hit("arn:execution/first", Result({"D": 1}, {"M": 2}, outputs)), NOW)
    return cache


def test_the_same_step_with_the_same_key_is_a_hit(cache: StepCache) -> None:
    hit = cache.find(step(), ARGUMENTS, NOW + timedelta(days=30))
    assert hit is not None
    assert hit.execution_arn == "arn:execution/first"
    assert (hit.result.description, hit.result.metadata) == ({"D": 1}, {"M": 2})


@pytest.mark.parametrize(
    "change",
    [
        {"ProcessingResources": {"ClusterConfig": {"InstanceCount": 9, "InstanceType": "ml.m5.24xlarge"}}},
        {"ProcessingOutputConfig": {"Outputs": [{"S3Output": {"S3Uri": "s3://b/another/execution"}}]}},
        {"RoleArn": "another", "StoppingCondition": {"MaxRuntimeInSeconds": 1}},
    ],
)
def test_what_is_not_in_the_key_does_not_matter(cache: StepCache, change: Mapping[str, Any]) -> None:
    assert cache.find(step(), {**ARGUMENTS, **change}, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"AppSpecification": {"ImageUri": "another"}},
        {"Environment": {"DATA_VERSION": "2"}},
        {"ProcessingInputs": [{"S3Input": {"S3Uri": "s3://b/other/"}}]},
    ],
)
def test_what_is_in_the_key_does(cache: StepCache, change: Mapping[str, Any]) -> None:
    assert cache.find(step(), {**ARGUMENTS, **change}, NOW) is None


def test_a_result_is_forgotten_after_its_time(cache: StepCache) -> None:
    assert cache.find(step(), ARGUMENTS, NOW + timedelta(days=30, seconds=1)) is None
    assert (
        cache.find(step(CacheConfig={"Enabled": True, "ExpireAfter": "PT1H"}), ARGUMENTS, NOW + timedelta(hours=2))
        is None
    )


def test_another_step_or_pipeline_has_results_of_its_own(cache: StepCache) -> None:
    assert cache.find(step("Other"), ARGUMENTS, NOW) is None
    assert StepCache(cache.folder, "arn:pipeline/other", may_reuse=True).find(step(), ARGUMENTS, NOW) is None


def test_a_step_without_caching_never_hits(cache: StepCache) -> None:
    assert cache.find(step(CacheConfig={"Enabled": False}), ARGUMENTS, NOW) is None
    assert cache.find(step(Type="RegisterModel"), ARGUMENTS, NOW) is None


def test_a_result_whose_files_are_gone_is_no_hit(cache: StepCache, tmp_path: Path) -> None:
    (tmp_path / "out" / "a").unlink()
    (tmp_path / "out").rmdir()
    assert cache.find(step(), ARGUMENTS, NOW) is None


def test_no_cache_means_no_hit(cache: StepCache) -> None:
    assert StepCache(cache.folder, cache.pipeline_arn, may_reuse=False).find(step(), ARGUMENTS, NOW) is None


def test_an_image_is_known_by_its_repository_whatever_its_tag_or_digest() -> None:
    registry = "141502667606.dkr.ecr.eu-west-1.amazonaws.com"
    assert repository(f"{registry}/sagemaker-scikit-learn:1.9-0-cpu-py3") == SCIKIT_LEARN
    assert repository(f"{registry}/linear-learner@sha256:{'0' * 64}") == LINEAR_LEARNER


@pytest.mark.parametrize("image", ["python:3.12", "1.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1"])
def test_an_image_that_nothing_stands_for_is_refused(image: str) -> None:
    with pytest.raises(RefusedError, match=f"image {image} cannot run here: only sagemaker-scikit-learn"):
        repository(image)
