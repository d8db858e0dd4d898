"""The library that jobs on Spark bring along is one pinned file, that of the scikit-learn image."""

import hashlib
from pathlib import Path

import pytest

from stacks.training import spark_libraries
from stacks.training.spark_libraries import MissingLibraryError, fetch_wheel

ROOT = Path(__file__).parents[2]


def test_wheel_is_one_of_the_release_that_the_scikit_learn_image_has() -> None:
    lock = (ROOT / "requirements-container.txt").read_text(encoding="utf-8")
    release = lock.partition(f"\npyarrow=={spark_libraries.VERSION} ")[2].partition("\n#")[0].partition("==")[0]
    assert f"--hash=sha256:{spark_libraries.SHA256}" in release


def test_wheel_that_is_here_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / spark_libraries.WHEEL).write_bytes(b"")
    monkeypatch.setattr(spark_libraries, "SHA256", hashlib.sha256(b"").hexdigest())
    monkeypatch.setattr(spark_libraries, "_download", lambda folder: pytest.fail(f"fetched to {folder}"))
    assert fetch_wheel(tmp_path) == tmp_path / spark_libraries.WHEEL


@pytest.mark.parametrize("content", [None, b"another file"])
def test_wheel_that_cannot_be_fetched_or_is_another_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    def download(folder: Path) -> None:
        if content is not None:
            (folder / spark_libraries.WHEEL).write_bytes(content)

    monkeypatch.setattr(spark_libraries, "_download", download)
    with pytest.raises(MissingLibraryError) as refusal:
        fetch_wheel(tmp_path)
    assert str(refusal.value) == (
        f"processing.engine is 'spark', and {tmp_path / spark_libraries.WHEEL} cannot be fetched with the right hash:"
        " let pip reach a package registry (HTTPS_PROXY, PIP_INDEX_URL), put the file there, or set engine='local'"
    )


def test_wheel_that_is_not_whole_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / spark_libraries.WHEEL
    path.write_bytes(b"half of it")
    monkeypatch.setattr(spark_libraries, "SHA256", hashlib.sha256(b"").hexdigest())
    monkeypatch.setattr(spark_libraries, "_download", lambda folder: (folder / spark_libraries.WHEEL).write_bytes(b""))
    assert fetch_wheel(tmp_path).read_bytes() == b""
