"""A store, be it S3 or a directory, keeps what is uploaded, and says what S3 would say."""

from pathlib import Path

import pytest

from local_aws.sagemaker.s3_store import S3Store
from local_runner.errors import StepFailedError
from local_runner.files import content_hash
from local_runner.on_disk.object_store import DirectoryStore
from local_runner.ports import Store
from tests.local_aws.fake_s3 import FakeS3

SHA256_OF_1 = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"  # pragma: allowlist secret


@pytest.fixture(params=["directory", "S3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return DirectoryStore(tmp_path / "s3") if request.param == "directory" else S3Store(FakeS3().client)


@pytest.fixture
def directory(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "s3")


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_uploaded_files_can_be_downloaded(store: Store, tmp_path: Path) -> None:
    store.upload(write(tmp_path / "out", a="1", b="2"), "s3://bucket/prefix")
    store.download("s3://bucket/prefix", tmp_path / "in")
    assert {path.name: path.read_text() for path in (tmp_path / "in").iterdir()} == {"a": "1", "b": "2"}
    store.download("s3://bucket/prefix/a", tmp_path / "one")
    assert (tmp_path / "one" / "a").read_text() == "1"


def test_job_that_changes_its_input_does_not_change_the_bucket(store: Store, tmp_path: Path) -> None:
    store.upload(write(tmp_path / "out", a="1"), "s3://bucket/prefix")
    store.download("s3://bucket/prefix", tmp_path / "in")
    (tmp_path / "in" / "a").write_text("changed")
    assert store.read("s3://bucket/prefix/a") == "1"


def test_two_instances_that_write_the_same_object_fail_the_step(directory: DirectoryStore, tmp_path: Path) -> None:
    directory.upload(write(tmp_path / "one", a="1"), "s3://bucket/prefix")
    with pytest.raises(StepFailedError, match="two instances wrote a to s3://bucket/prefix"):
        directory.upload(write(tmp_path / "two", a="2"), "s3://bucket/prefix")


def test_prefix_without_objects_fails_the_step(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StepFailedError, match="ClientError: no S3 objects found under s3://bucket/nothing"):
        store.download("s3://bucket/nothing", tmp_path / "in")


@pytest.mark.parametrize("uri", ["bucket/key", "https://bucket/key", "s3:///key", "s3://bucket/../../etc/passwd"])
def test_malformed_s3_uri_fails_the_step(store: Store, uri: str) -> None:
    with pytest.raises(StepFailedError, match="is no S3 URI"):
        store.read(uri)


def test_version_of_an_input_depends_on_its_content_not_on_its_path(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", a="1"), write(tmp_path / "other", b="1")
    assert content_hash(one / "a") == content_hash(other / "b")
    assert content_hash(one / "a") == SHA256_OF_1
    assert content_hash(one) != content_hash(other), "in a folder the names count"
    assert content_hash(one) == content_hash(write(tmp_path / "copy", a="1"))


def test_object_is_read_as_text(store: Store, tmp_path: Path) -> None:
    store.put(write(tmp_path / "out", a="1") / "a", "s3://bucket/a")
    assert store.read("s3://bucket/a") == "1"
    with pytest.raises(StepFailedError, match=r"^ClientError: .* object s3://bucket/b"):
        store.read("s3://bucket/b")


def test_object_can_be_replaced(store: Store, tmp_path: Path) -> None:
    for text in ("1", "2"):
        store.put(write(tmp_path / "out", a=text) / "a", "s3://bucket/a", kms_key_id="key")
    assert store.read("s3://bucket/a") == "2"


@pytest.mark.parametrize("prefix", ["s3://bucket/prefix", "s3://bucket/prefix/"])
def test_folders_are_kept_by_upload_and_download(store: Store, tmp_path: Path, prefix: str) -> None:
    write(tmp_path / "out" / "deep" / "er", a="1")
    store.upload(tmp_path / "out", prefix)
    store.download(prefix, tmp_path / "in")
    assert (tmp_path / "in" / "deep" / "er" / "a").read_text() == "1"


@pytest.mark.parametrize("uri", ["s3://bucket/prefix", "s3://bucket/prefix/a"])
def test_located_object_exists_once_it_is_written(store: Store, tmp_path: Path, uri: str) -> None:
    assert not store.exists(store.locate(uri))
    store.upload(write(tmp_path / "out", a="1"), "s3://bucket/prefix")
    assert store.exists(store.locate(uri))


def test_person_finds_a_file_at_a_path_and_an_object_at_its_uri(directory: DirectoryStore) -> None:
    assert directory.locate("s3://bucket/a") == str(directory.root / "bucket" / "a")
    assert S3Store(FakeS3().client).locate("s3://bucket/a") == "s3://bucket/a"
