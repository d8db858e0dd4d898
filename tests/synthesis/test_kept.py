"""What is kept is found whole or not at all, whoever writes and whatever happens to the files."""

import os
import threading
from pathlib import Path

import pytest

from synthesis.kept import MOST, Kept


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "kept")


def test_result_is_found_under_its_key_and_no_other(kept: Kept) -> None:
    kept.keep("definitions-1", b"one")
    kept.keep("definitions-2", b"")
    assert [kept.find(f"definitions-{number}") for number in (1, 2, 3)] == [b"one", b"", None]


@pytest.mark.parametrize("length", [0, 5, 32, 34])
def test_truncated_file_is_not_found_and_is_replaced(kept: Kept, length: int) -> None:
    kept.keep("definitions-1", b"one")
    path = kept.folder / "definitions-1"
    path.write_bytes(path.read_bytes()[:length])
    assert kept.find("definitions-1") is None
    kept.keep("definitions-1", b"one")
    assert kept.find("definitions-1") == b"one"


def test_file_with_one_other_letter_is_not_found(kept: Kept) -> None:
    kept.keep("definitions-1", b"one")
    path = kept.folder / "definitions-1"
    path.write_bytes(path.read_bytes().replace(b"one", b"two"))
    assert kept.find("definitions-1") is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    kept = Kept(tmp_path / "file" / "kept")  # root may write to every folder, read-only or not
    kept.keep("definitions-1", b"one")
    assert kept.find("definitions-1") is None


def test_result_that_cannot_be_put_in_its_place_leaves_no_file(kept: Kept) -> None:
    (kept.folder / "definitions-1" / "in the way").mkdir(parents=True)
    kept.keep("definitions-1", b"one")
    assert [path.name for path in kept.folder.iterdir()] == ["definitions-1"]


def write_often(kept: Kept, text: bytes) -> None:
    for _ in range(20):
        kept.keep("k", text)


def test_readers_beside_writers_see_whole_results(kept: Kept) -> None:
    texts = [bytes([letter]) * 100_000 for letter in b"abcd"]
    writers = [threading.Thread(target=write_often, args=(kept, text)) for text in texts]
    for writer in writers:
        writer.start()
    seen = {kept.find("k") for _ in range(200)}
    for writer in writers:
        writer.join()
    assert seen <= {None, *texts}
    assert kept.find("k") in texts


def test_what_was_used_longest_ago_goes_first_of_its_kind(kept: Kept) -> None:
    kept.keep("definitions-x", b"of another kind")
    for number in range(MOST):
        kept.keep(f"assembly-{number}", b"")
        os.utime(kept.folder / f"assembly-{number}", (number, number))
    kept.find("assembly-0")
    kept.keep("assembly-new", b"")
    assert kept.find("assembly-1") is None
    assert kept.find("assembly-0") == kept.find("assembly-2") == b""
    assert kept.find("definitions-x")


def test_newest_stays_however_large_and_others_go_with_it(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthesis.kept.MOST_BYTES", 100)
    for number in range(3):
        kept.keep(f"assembly-{number}", b"x" * 20 ** (1 + number))
        os.utime(kept.folder / f"assembly-{number}", (number, number))
    assert [path.name for path in kept.folder.iterdir()] == ["assembly-2"]
