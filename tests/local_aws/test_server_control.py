import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from local_aws.server_control import Server, ServerError, hold

HOLDER = (
    "import sys, time; from pathlib import Path; from local_aws.server_control import hold; hold(Path(sys.argv[1]));"
)


def test_server_that_is_not_there_has_no_environment(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"no server runs in .*: make aws-up"):
        Server(tmp_path).environment()


def test_stale_state_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(json.dumps({"pid": 1, "port": 1}))
    (tmp_path / "lock").write_text("1")
    server = Server(tmp_path)
    with pytest.raises(ServerError, match="no server runs"):
        server.environment()
    assert not server.stop()  # and process 1 is left alone
    assert not (tmp_path / "state.json").exists()


def test_server_lives_as_long_as_its_lock_is_held(tmp_path: Path) -> None:
    server = Server(tmp_path)
    command = [sys.executable, "-c", HOLDER + "print(flush=True); time.sleep(60)", str(server.lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout
        process.stdout.readline()
        assert server.is_alive()
        assert int(server.lock.read_text()) == process.pid
        with pytest.raises(ServerError, match="another server runs"):
            hold(server.lock)
        assert server.stop()
    assert not server.is_alive()


@pytest.mark.slow
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_server_listens_on_loopback_only_and_ends_on_request(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local_aws", "up", "--folder", str(tmp_path)]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True)
    server = Server(tmp_path)
    process = psutil.Process(int(server.lock.read_text()))
    listening = [each.laddr.ip for each in process.net_connections("inet") if each.status == psutil.CONN_LISTEN]
    assert server.stop()
    assert listening == ["127.0.0.1"]
    assert not server.is_alive()
