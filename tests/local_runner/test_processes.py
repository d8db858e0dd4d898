"""A container's program runs as a process that sees its own folder as /opt/ml, and always ends."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from local_runner.containers.processes import Host, Program, TimeLimitError, run_hosts
from local_runner.errors import StoppedError


def host(tmp_path: Path, name: str = "algo-1") -> Host:
    root = tmp_path / name
    root.mkdir()
    return Host(name, root, tmp_path / f"{name}.log")


def python(code: str, *arguments: str, **environment: str) -> Program:
    return Program([sys.executable, "-c", code, *arguments], environment)


def run(programs: dict[Host, Program], maximum_s: float = 30, stop: threading.Event | None = None) -> dict[Host, int]:
    return run_hosts(programs, maximum_s=maximum_s, stop=stop or threading.Event())


def test_paths_of_the_container_are_rewritten_in_arguments_and_environment(tmp_path: Path) -> None:
    one = host(tmp_path)
    code = "import os, sys; print(sys.argv[1:], os.environ['WHERE'])"
    program = python(code, "/opt/ml/input", "/opt/mlx", "--x=/opt/ml", WHERE="/opt/ml/model")
    assert run({one: program}) == {one: 0}
    assert one.log.read_text() == f"['{one.root}/input', '/opt/mlx', '--x=/opt/ml'] {one.root}/model\n"


def test_program_sees_nothing_of_the_callers_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    one = host(tmp_path)
    run({one: python("import os; print(sorted(os.environ))", DATA_VERSION="1")})
    seen = one.log.read_text()
    assert "AWS_SECRET_ACCESS_KEY" not in seen
    assert "DATA_VERSION" in seen


def test_scratch_files_lie_in_the_hosts_own_folder(tmp_path: Path) -> None:
    one = host(tmp_path)
    run({one: python("import tempfile; print(tempfile.gettempdir())")})
    assert one.log.read_text().strip() == str(one.root / "tmp")


def test_exit_code_and_all_output_are_kept(tmp_path: Path) -> None:
    one = host(tmp_path)
    assert run({one: python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")}) == {one: 3}
    assert sorted(one.log.read_text().split()) == ["err", "out"]


def test_hosts_run_at_the_same_time_and_the_failure_of_one_ends_the_others(tmp_path: Path) -> None:
    one, other = host(tmp_path, "algo-1"), host(tmp_path, "algo-2")
    codes = run({one: python("import time; time.sleep(60)"), other: python("raise SystemExit(4)")})
    assert codes[other] == 4
    assert codes[one] < 0


def test_stop_ends_the_program_and_what_it_started(tmp_path: Path) -> None:
    one, stop = host(tmp_path), threading.Event()
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    stop_when_started(one, stop)
    with pytest.raises(StoppedError):
        run({one: python(code)}, stop=stop)
    wait_for_end(int(one.log.read_text()))


def test_what_a_program_that_was_killed_has_left_running_is_ended(tmp_path: Path) -> None:
    one = host(tmp_path)
    code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert run({one: python(code)}) == {one: -9}
    wait_for_end(int(one.log.read_text()))


def test_program_that_ignores_the_request_to_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_runner.containers.processes.GRACE_S", 0.2)
    one, stop = host(tmp_path), threading.Event()
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    stop_when_started(one, stop)
    with pytest.raises(StoppedError):
        run({one: python(code)}, stop=stop)


def test_job_is_ended_at_its_maximum_runtime(tmp_path: Path) -> None:
    with pytest.raises(TimeLimitError):
        run({host(tmp_path): python("import time; time.sleep(60)")}, maximum_s=0.3)


def stop_when_started(one: Host, stop: threading.Event) -> None:
    """Set *stop* as soon as the program has written something."""

    def watch() -> None:
        while not one.log.is_file() or not one.log.read_text():
            time.sleep(0.02)
        stop.set()

    threading.Thread(target=watch).start()


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3] if Path("/proc").is_dir() else True
