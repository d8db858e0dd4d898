"""Files appear whole, also when several processes write the same ones at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from local_runner.files import files, temporary_path, write_whole

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["put", "cache", "decide", "save", "report", "stage"])
def test_processes_that_write_the_same_file_at_once_all_succeed_and_leave_nothing_else(
    tmp_path: Path, name: str
) -> None:
    command = [sys.executable, "-m", "tests.local_runner.concurrent_writers", name, str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert [path for path in tmp_path.rglob("*") if path.name.startswith(".")] == []


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.json"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new \udcff")
    assert path.read_text() == "old"
    assert [*files(tmp_path)] == [path]


def test_temporary_paths_do_not_collide(tmp_path: Path) -> None:
    with temporary_path(tmp_path) as one, temporary_path(tmp_path) as other:
        one.write_text("1")
        other.write_text("2")
        assert one.read_text() == "1"
    assert [*tmp_path.iterdir()] == []
