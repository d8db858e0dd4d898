"""S3 as a store finds what SageMaker would find, asks for the key it is given, and fails in the service's words."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber

from local_aws.sagemaker.s3_store import S3Store
from local_runner.errors import StepFailedError
from tests.local_aws.fake_s3 import FakeS3

KEY = "arn:aws:kms:eu-west-1:111111111111:key/1"


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3()


@pytest.fixture
def stubbed() -> Iterator[tuple[S3Store, Stubber]]:
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    client = boto3.client("s3", region_name="eu-west-1", config=config)
    with Stubber(client) as stubber:
        yield S3Store(client), stubber
        stubber.assert_no_pending_responses()


def downloaded(s3: FakeS3, uri: str, folder: Path, *keys: str) -> set[str]:
    s3.objects = {("bucket", key): b"1" for key in keys}
    S3Store(s3.client).download(uri, folder)
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("uri", ["s3://bucket/train", "s3://bucket/train/"])
def test_prefix_that_is_a_folder_gives_paths_below_it(s3: FakeS3, tmp_path: Path, uri: str) -> None:
    assert downloaded(s3, uri, tmp_path, "train/a", "train/b/c", "train/d", "test/a") == {"a", "b/c", "d"}


def test_prefix_that_is_an_object_gives_its_last_name(s3: FakeS3, tmp_path: Path) -> None:
    assert downloaded(s3, "s3://bucket/code/x.zip", tmp_path, "code/x.zip", "code/y.zip") == {"x.zip"}


def test_prefix_that_ends_within_a_name_gives_all_that_begin_with_it(s3: FakeS3, tmp_path: Path) -> None:
    keys = ("raw/part-1", "raw/part-2/a", "raw/other")
    assert downloaded(s3, "s3://bucket/raw/part-", tmp_path, *keys) == {"part-1", "part-2/a"}


def test_whole_bucket_is_a_prefix(s3: FakeS3, tmp_path: Path) -> None:
    assert downloaded(s3, "s3://bucket", tmp_path, "a", "b/c") == {"a", "b/c"}


def test_console_placeholder_of_an_empty_folder_is_no_data(s3: FakeS3, tmp_path: Path) -> None:
    assert downloaded(s3, "s3://bucket/raw/", tmp_path, "raw/", "raw/a") == {"a"}
    with pytest.raises(StepFailedError, match="no S3 objects found under s3://bucket/raw/"):
        downloaded(s3, "s3://bucket/raw/", tmp_path, "raw/")


@pytest.mark.parametrize("key", ["raw/../../a", "raw/..", "raw//../a"])
def test_no_key_leads_out_of_the_folder(s3: FakeS3, tmp_path: Path, key: str) -> None:
    with pytest.raises(StepFailedError, match="leads out of the folder"):
        downloaded(s3, "s3://bucket/raw/", tmp_path / "in", key)


def test_key_with_an_empty_name_stays_in_the_folder(s3: FakeS3, tmp_path: Path) -> None:
    assert downloaded(s3, "s3://bucket/raw/", tmp_path, "raw//etc/a") == {"etc/a"}


def test_last_of_two_instances_that_write_the_same_object_wins(s3: FakeS3, tmp_path: Path) -> None:
    for text in ("1", "2"):
        (tmp_path / "a").write_text(text)
        S3Store(s3.client).upload(tmp_path, "s3://bucket/out")
    assert s3.objects == {("bucket", "out/a"): b"2"}


def test_key_is_asked_for_when_one_is_given(stubbed: tuple[S3Store, Stubber], tmp_path: Path) -> None:
    store, stubber = stubbed
    (tmp_path / "a").write_text("1")
    request = {"Bucket": "bucket", "Key": "out/a", "Body": ANY}
    stubber.add_response("put_object", {}, {**request, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": KEY})
    store.upload(tmp_path, "s3://bucket/out", kms_key_id=KEY)
    stubber.add_response("put_object", {}, request)
    store.upload(tmp_path, "s3://bucket/out/")


def test_listing_is_read_to_its_last_page(stubbed: tuple[S3Store, Stubber]) -> None:
    store, stubber = stubbed
    request = {"Bucket": "bucket", "Prefix": "raw/"}
    stubber.add_response(
        "list_objects_v2",
        {"IsTruncated": True, "NextContinuationToken": "next", "Contents": [{"Key": "raw/"}]},
        request,
    )
    stubber.add_response("list_objects_v2", {"Contents": [{"Key": "raw/a"}]}, {**request, "ContinuationToken": "next"})
    assert store.exists("s3://bucket/raw/")


def test_denied_call_fails_the_step_in_the_services_words(stubbed: tuple[S3Store, Stubber], tmp_path: Path) -> None:
    store, stubber = stubbed

    def deny(operation: str) -> None:
        stubber.add_client_error(operation, "AccessDenied", "Access Denied", 403)

    deny("list_objects_v2")
    with pytest.raises(
        StepFailedError,
        match=r"^ClientError: Data download failed:Unable to download s3://b/k \(AccessDenied: Access Denied\)$",
    ):
        store.download("s3://b/k", tmp_path)
    stubber.add_response("list_objects_v2", {"Contents": [{"Key": "k/a"}]})
    deny("get_object")
    with pytest.raises(StepFailedError, match=r"Unable to download object s3://b/k/a \(AccessDenied: Access Denied\)$"):
        store.download("s3://b/k", tmp_path)
    deny("get_object")
    with pytest.raises(StepFailedError, match=r"Unable to download object s3://b/k \(AccessDenied: Access Denied\)$"):
        store.read("s3://b/k")
    deny("put_object")
    (tmp_path / "file").write_text("1")
    with pytest.raises(
        StepFailedError,
        match=r"^ClientError: Artifact upload failed:Unable to upload object s3://b/k \(AccessDenied: Access Denied\)$",
    ):
        store.put(tmp_path / "file", "s3://b/k")


def test_s3_that_is_gone_fails_the_step_and_not_the_runner(s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**_: str) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:4566")

    monkeypatch.setattr(s3, "get_object", gone)
    with pytest.raises(StepFailedError, match=r"^InternalServerError: .*Could not connect"):
        S3Store(s3.client).read("s3://bucket/a")
