"""A process that makes what is kept reads each file as it is, and notices all that it reads of the project."""

import os
import subprocess
import sys
from pathlib import Path

from synthesis.reading import find_others
from tests.end_to_end.commands import ROOT


def run(project: Path, *lines: str) -> str:
    script = "\n".join(
        ("import sys, pathlib", "from synthesis.reading import *", "root = pathlib.Path(sys.argv[1])", *lines)
    )
    environment = {"PYTHONPATH": f"{ROOT}:{project}"}
    command = [sys.executable, "-c", script, str(project)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_edit_of_the_same_size_in_the_same_second_is_read(tmp_path: Path) -> None:
    module = tmp_path / "region.py"
    for region in ("eu-west-1", "eu-west-2"):
        module.write_text(f'REGION = "{region}"\n', encoding="utf-8")
        os.utime(module, (1_000_000_000, 1_000_000_000))
        stale = run(tmp_path, "import region; print(region.REGION)")
        read = run(tmp_path, "compile_anew(root)", "import region; print(region.REGION)")
        assert read == region
    assert stale == "eu-west-1"  # as Python does by itself: else this test shows nothing


def test_files_of_the_project_that_are_read_are_noticed_whoever_reads_them(tmp_path: Path) -> None:
    (tmp_path / "stages.py").write_text("")
    for name in ("limits.toml", "out.json", ".venv/a", ".local/a"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    said = run(
        tmp_path,
        "compile_anew(root); names = watch_reads(root)",
        "import os, stages",
        "(root / 'limits.toml').read_bytes(); (root / '.venv/a').read_bytes(); (root / '.local/a').read_bytes()",
        "(root / 'out.json').write_text('')",
        "os.close(os.open(root / 'written', os.O_WRONLY | os.O_CREAT)); os.chdir(root); open('out.json').close()",
        "print(*names)",
    )
    assert said.split() == ["stages.py", "limits.toml", "out.json"]


def test_files_outside_the_sources_are_found() -> None:
    names = ["settings/stages.py", "app.py", "settings.py", "docs/limits.toml"]
    assert find_others(names, ("settings", "app.py")) == ["settings.py", "docs/limits.toml"]
