"""Starts and ends the server, whose files are all below one folder; a lock says whether it lives."""

import fcntl
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from local_aws.certificate import write_certificate

HOST = "127.0.0.1"
ACCOUNT = "111122223333"
REGION = "eu-west-1"
READY_TIMEOUT_S = 30.0
END = signal.SIGUSR1
"""Asks the server to end at once; it ends the jobs that run first, which have process groups of their own."""
END_TIMEOUT_S = 20.0


class ServerError(RuntimeError):
    """The server could not be started or ended."""


@dataclass(frozen=True)
class Server:
    """One server, and the folder that holds its lock, log, certificate and state."""

    folder: Path

    @property
    def certificate(self) -> Path:
        """The self-signed certificate that clients trust."""
        return self._temporary / "server.crt"

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.folder / "server.log"

    @property
    def decisions(self) -> Path:
        """What IAM decided about roles and services, one JSON object a line."""
        return self.folder / "decisions.jsonl"

    @property
    def lock(self) -> Path:
        """Locked as long as the server lives: unlike a process id, that cannot come to mean another process."""
        return self.folder / "lock"

    @property
    def _key(self) -> Path:
        return self._temporary / "server.key"

    @property
    def _temporary(self) -> Path:
        return self.folder / "tmp"

    @property
    def _state(self) -> Path:
        return self.folder / "state.json"

    def environment(self) -> dict[str, str]:
        """Return what clients need in their environment, or fail if no server runs."""
        if not self.is_alive() or not self._state.is_file():
            raise ServerError(f"no server runs in {self.folder}, or none yet: make aws-up")
        port = int(json.loads(self._state.read_text(encoding="utf-8"))["port"])
        return {
            "AWS_ENDPOINT_URL": f"https://{HOST}:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CA_BUNDLE": str(self.certificate),
            "NODE_EXTRA_CA_CERTS": str(self.certificate),
        }

    def is_alive(self) -> bool:
        """Return whether a process holds the lock."""
        if not self.lock.is_file():
            return False
        with self.lock.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def start(self) -> bool:
        """Start the server unless it runs, wait until it answers, and return whether it was started."""
        if self.is_alive():
            return False
        self._forget()  # what a server left that is gone
        self._temporary.mkdir(parents=True)
        write_certificate(self.certificate, self._key, HOST)
        port = _free_port()
        process = self._spawn(port)
        try:
            self._wait(process, port)
        except ServerError:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        self._state.write_text(json.dumps({"pid": process.pid, "port": port}), encoding="utf-8")
        return True

    def stop(self) -> bool:
        """End the server and what it started, at once, and return whether one ran."""
        if not self.is_alive():
            self._forget()
            return False
        holder = self.lock.read_text(encoding="utf-8")
        if not holder:
            raise ServerError(f"the server in {self.folder} is just starting: try again")
        os.kill(int(holder), END)
        if not self._ends():
            os.killpg(int(holder), signal.SIGKILL)
            if not self._ends():
                raise ServerError(f"the server in {self.folder} does not end: see {self.log}")
        self._forget()
        return True

    def _ends(self) -> bool:
        """Wait until no process holds the lock, and return whether that came in time."""
        deadline = time.monotonic() + END_TIMEOUT_S
        while self.is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self.is_alive()

    def _forget(self) -> None:
        """Remove the state and the temporary files, which a killed server leaves; the log stays."""
        self._state.unlink(missing_ok=True)
        if self._temporary.exists():
            shutil.rmtree(self._temporary)

    def _spawn(self, port: int) -> subprocess.Popen[bytes]:
        """Start the server in a process group of its own, away from the terminal's signals."""
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "local_aws", "serve", "--folder", str(self.folder)],
                cwd=Path(__file__).parents[1],
                env=self._server_environment(port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _server_environment(self, port: int) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
        return {
            **inherited,
            "AUTH": "true",
            "AWS_CA_BUNDLE": str(self.certificate),  # functions run in the server's environment
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(port),
            # These two would listen on all of the machine's addresses.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "MINISTACK_SSL_CERT": str(self.certificate),
            "MINISTACK_SSL_KEY": str(self._key),
            "SFN_WAIT_SCALE": "0.01",  # nobody here waits for minutes
            "S3_DATA_DIR": str(self._temporary / "s3"),
            "TMPDIR": str(self._temporary),
            "USE_SSL": "1",  # a bucket policy that demands TLS is enforced
        }

    def _wait(self, process: subprocess.Popen[bytes], port: int) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not self._answers(port):
            if process.poll() is not None:
                raise ServerError(f"the server ended with {process.returncode}: see {self.log}")
            if time.monotonic() > deadline:
                raise ServerError(f"the server does not answer after {READY_TIMEOUT_S:.0f} s: see {self.log}")
            time.sleep(0.1)

    def _answers(self, port: int) -> bool:
        try:
            context = ssl.create_default_context(cafile=str(self.certificate))
            url = f"https://{HOST}:{port}/_ministack/health"
            with urllib.request.urlopen(url, timeout=5, context=context) as answer:
                return bool(answer.status == 200)
        except OSError:  # nobody listens yet
            return False


def hold(lock: Path) -> None:
    """Lock *lock* for as long as this process lives, and write the process's id into it."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ServerError(f"another server runs in {lock.parent}: make aws-down") from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
