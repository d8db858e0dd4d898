import json
import subprocess
import sys
from pathlib import Path

import pytest

from local_aws.server import Server, ServerError, hold

HOLDER = "import sys, time; from pathlib import Path; from local_aws.server import hold; hold(Path(sys.argv[1]));"


def test_a_server_that_is_not_there_has_no_environment(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"no server runs in .*: make aws-up"):
        Server(tmp_path).environment()


def test_a_stale_state_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(json.dumps({"pid": 1, "port": 1}))
    (tmp_path / "lock").write_text("1")
    server = Server(tmp_path)
    with pytest.raises(ServerError, match="no server runs"):
        server.environment()
    assert not server.stop()  # and process 1 is left alone
    assert not (tmp_path / "state.json").exists()


def test_a_server_lives_as_long_as_its_lock_is_held(tmp_path: Path) -> None:
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
