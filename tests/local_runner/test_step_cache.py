"""The step cache finds an earlier result by the service's own keys."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from artefacts.definition.graph import Step, all_steps
from local_runner.on_disk.object_store import DirectoryStore
from local_runner.record.step_cache import Hit, Result, StepCache

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

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
    cache = StepCache(tmp_path / "cache", "arn:pipeline/bonus", may_reuse=True, store=DirectoryStore(tmp_path))
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a").write_text("1")
    outputs = {"train": str(folder)}
    cache.add(step(), ARGUMENTS, Hit("arn:execution/first", Result({"D": 1}, {"M": 2}, outputs)), NOW)
    return cache


def test_same_step_with_the_same_key_is_a_hit(cache: StepCache) -> None:
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
def test_attributes_outside_the_key_do_not_miss_the_cache(cache: StepCache, change: Mapping[str, Any]) -> None:
    assert cache.find(step(), {**ARGUMENTS, **change}, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"AppSpecification": {"ImageUri": "another"}},
        {"Environment": {"DATA_VERSION": "2"}},
        {"ProcessingInputs": [{"S3Input": {"S3Uri": "s3://b/other/"}}]},
    ],
)
def test_changed_key_attributes_miss_the_cache(cache: StepCache, change: Mapping[str, Any]) -> None:
    assert cache.find(step(), {**ARGUMENTS, **change}, NOW) is None


def test_result_is_forgotten_after_its_time(cache: StepCache) -> None:
    assert cache.find(step(), ARGUMENTS, NOW + timedelta(days=30, seconds=1)) is None
    assert (
        cache.find(step(CacheConfig={"Enabled": True, "ExpireAfter": "PT1H"}), ARGUMENTS, NOW + timedelta(hours=2))
        is None
    )


def test_another_step_or_pipeline_has_results_of_its_own(cache: StepCache) -> None:
    assert cache.find(step("Other"), ARGUMENTS, NOW) is None
    assert (
        StepCache(cache.folder, "arn:pipeline/other", may_reuse=True, store=cache.store).find(step(), ARGUMENTS, NOW)
        is None
    )


def test_step_without_caching_never_hits(cache: StepCache) -> None:
    assert cache.find(step(CacheConfig={"Enabled": False}), ARGUMENTS, NOW) is None
    assert cache.find(step(Type="RegisterModel"), ARGUMENTS, NOW) is None


def test_result_whose_files_are_gone_is_no_hit(cache: StepCache, tmp_path: Path) -> None:
    (tmp_path / "out" / "a").unlink()
    (tmp_path / "out").rmdir()
    assert cache.find(step(), ARGUMENTS, NOW) is None


def test_no_cache_means_no_hit(cache: StepCache) -> None:
    assert (
        StepCache(cache.folder, cache.pipeline_arn, may_reuse=False, store=cache.store).find(step(), ARGUMENTS, NOW)
        is None
    )


def test_cache_key_of_a_search_has_the_jobs_definition_but_not_its_instances(tmp_path: Path) -> None:
    cache = StepCache(tmp_path / "cache", "arn:pipeline/bonus", may_reuse=True, store=DirectoryStore(tmp_path))
    search = step("Tune", Type="Tuning")
    definition = {"StaticHyperParameters": {"epochs": "10"}, "ResourceConfig": {"InstanceType": "ml.m5.large"}}
    cache.add(search, {"TrainingJobDefinition": definition}, Hit("arn:execution/first", Result({}, {}, {})), NOW)
    other = {**definition, "ResourceConfig": {"InstanceType": "ml.m5.xlarge"}}
    assert cache.find(search, {"TrainingJobDefinition": other}, NOW)
    other = {**definition, "StaticHyperParameters": {"epochs": "20"}}
    assert cache.find(search, {"TrainingJobDefinition": other}, NOW) is None
