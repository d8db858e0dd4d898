"""From a run to a bonus: a person approves, and the registered artefact answers, shows a page, and scores files."""

import csv
import dataclasses
import http.client
import io
import json
import math
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from data.mock_data import COLUMNS
from local_runner.endpoint.process import listen, start_endpoint
from local_runner.errors import RefusedError
from local_runner.versions import find_version
from settings import STAGES, Monitoring
from tests.end_to_end import browser
from tests.end_to_end.assemblies import with_settings
from tests.end_to_end.commands import ROOT, Runner, copied
from tests.local_runner.registered_versions import Stage

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SAMPLE = ROOT / "data" / "mock_data.csv"
AT_ONCE = 20
NEEDS_CURL = pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here")


@pytest.fixture(scope="module")
def runner(sample_run: Runner, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A workspace with one version."""
    return copied(sample_run, tmp_path_factory.mktemp("serve"))


@pytest.fixture(scope="module")
def unapproved(runner: Runner) -> list[subprocess.CompletedProcess[str]]:
    """What the commands answer while nobody has approved the version."""
    return [runner.command_of(*command) for command in (["serve", "--port", "0"], ["predict", "--input", str(SAMPLE)])]


@pytest.fixture(scope="module")
def approved(runner: Runner, unapproved: object) -> Runner:  # noqa: ARG001  it comes before
    assert runner.command_of("approve", "1").returncode == 0
    return runner


@dataclass(frozen=True)
class Serving:
    """`serve` as it runs, and what it printed."""

    process: subprocess.Popen[str]
    text: str

    @property
    def port(self) -> int:
        return int(re.findall(r"page: http://127\.0\.0\.1:(\d+)/", self.text)[0])

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def post(self, body: str, content_type: str = "application/json") -> dict[str, Any]:
        """Send a request on a connection of its own."""
        connection = self.connect()
        try:
            connection.request("POST", "/invocations", body.encode(), {"Content-Type": content_type})
            answer = connection.getresponse()
            assert answer.status == 200
            document: dict[str, Any] = json.loads(answer.read())
            return document
        finally:
            connection.close()


@contextmanager
def serving(runner: Runner, temporary: Path, *options: str) -> Iterator[Serving]:
    """Start `serve` on a free port, with its temporary files in *temporary*; Ctrl-C ends it without complaint."""
    command = [sys.executable, "-m", "local_runner", "serve", "--port", "0", *options, *runner.places()]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:  # type: ignore[call-overload]
        try:
            lines: list[str] = []
            while not (lines and lines[-1].startswith("end it")):
                lines.append(process.stdout.readline())
                assert lines[-1], process.stderr.read()
            yield Serving(process, "".join(lines))
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the answers of `served` are captured."""
    return tmp_path_factory.mktemp("captured")


@pytest.fixture(scope="module")
def served(approved: Runner, captured: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(approved, tmp_path_factory.mktemp("temporary"), "--capture", str(captured)) as found:
        yield found


def read_smoke_test(runner: Runner) -> dict[str, Any]:
    path = Path(runner.steps()["EmpBonusEvaluation"]["Outputs"]["serving"]) / "smoke_test.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_nothing_is_served_before_a_person_has_approved(unapproved: list[subprocess.CompletedProcess[str]]) -> None:
    for run in unapproved:
        assert run.returncode == 2
        line = r"refused: no version of \S+ is approved: .* make approve VERSION=1 ARGS=--local, or .* VERSION=1\n"
        assert re.fullmatch(line, run.stderr)


@NEEDS_CURL
def test_printed_request_is_answered_with_a_bonus_until_the_endpoint_is_stopped(
    approved: Runner, tmp_path: Path
) -> None:
    with serving(approved, tmp_path) as endpoint:
        (request,) = (line for line in endpoint.text.splitlines() if line.startswith("curl "))
        run = subprocess.run(request, shell=True, capture_output=True, check=True)  # noqa: S602  as a person pastes it
        endpoint.process.send_signal(signal.SIGTERM)
        out, err = endpoint.process.communicate(timeout=30)
    answer = json.loads(run.stdout)
    (predicted,) = answer["predictions"]
    assert answer["model_version"] == "1"
    assert math.isclose(predicted["prediction"], read_smoke_test(approved)["prediction"], rel_tol=1e-9)
    total = answer["baseline"] + sum(predicted["contributions"].values())
    assert math.isclose(total, predicted["prediction"], rel_tol=1e-9)
    assert (endpoint.process.returncode, out, err) == (0, "stopped\n", "")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", endpoint.port))


@NEEDS_CURL
def test_request_in_the_readme_is_answered_with_a_bonus(served: Serving) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (request,) = re.findall(r"^ {4}curl .*\\\n.*$", text, re.MULTILINE)
    command = request.replace(":8080/", f":{served.port}/")
    run = subprocess.run(command, shell=True, capture_output=True, check=True)  # noqa: S602  as a person pastes it
    (predicted,) = json.loads(run.stdout)["predictions"]
    assert predicted["prediction"] > 0
    assert predicted["contributions"].keys() == {"age", "salary", "department", "hire_date", "profile"}


def test_answers_are_captured_with_figures_but_for_those_of_the_page(
    approved: Runner, served: Serving, captured: Path
) -> None:
    answer = served.post(read_smoke_test(approved)["body"])
    with closing(served.connect()) as connection:
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
    assert answer["predictions"][0]["figures"]["department"]
    prefix = captured / "emp-bonus-dev" / "AllTraffic"
    lines = [line for path in sorted(prefix.glob("*/*/*/*/*.jsonl")) for line in path.read_text().splitlines()]
    assert json.loads(json.loads(lines[-1])["captureData"]["endpointOutput"]["data"]) == answer
    assert f"\nanswers are captured below {prefix}\n" in served.text


@pytest.fixture
def watched(approved: Runner, tmp_path: Path) -> Runner:
    """A runner of the stage with its traffic watched, in a workspace of its own."""
    stage = dataclasses.replace(STAGES["dev"], monitoring=Monitoring())
    return dataclasses.replace(copied(approved, tmp_path), assembly=with_settings(stage, tmp_path / "assembly"))


def capture(served: Serving, captured: Path, rows: Sequence[Sequence[str]], folder: Path) -> Path:
    """Ask for the bonuses of *rows*; return the folder of what was captured of the answer alone, laid out as it was."""
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    assert len(served.post(text.getvalue(), "text/csv")["predictions"]) > 0.9 * len(rows)
    prefix = captured / "emp-bonus-dev" / "AllTraffic"
    newest = max(prefix.rglob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    alone = folder / newest.relative_to(prefix)
    alone.parent.mkdir(parents=True)
    alone.write_text(newest.read_text().splitlines(keepends=True)[-1])
    return folder


def test_watch_over_captured_answers_tells_of_drift_and_of_nothing_else(
    watched: Runner, served: Serving, captured: Path, tmp_path: Path
) -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:501]
    # Other people, so that no label of theirs is known, of whom all are older by 15 years.
    older = [[f"X{row[0]}", row[1], str(int(row[2]) + 15) if row[2].isdecimal() else "", *row[3:]] for row in rows]
    as_trained, drifted = (
        capture(served, captured, each, tmp_path / name) for name, each in (("same", rows), ("older", older))
    )
    pipeline = ("--pipeline", STAGES["dev"].monitoring_pipeline_name)
    told = watched.run(drifted, *pipeline)
    assert told.returncode == 1
    assert list(watched.steps())[-1] == "EmpBonusDrifted"
    message = watched.steps()["EmpBonusDrifted"]["FailureReason"]
    assert "age" in message
    assert message in told.stdout

    for options, verdict in (((), "holds"), (("--set", "WindowEnd=2026-01-01T00:00:00Z"), "not enough data")):
        run = watched.run(as_trained, *pipeline, *options)
        assert run.returncode == 0, run.stdout
        found = Path(watched.steps()["EmpBonusMonitor"]["Outputs"]["monitoring"]) / "monitoring.json"
        assert json.loads(found.read_text(encoding="utf-8"))["verdict"] == verdict
        assert f"  monitoring                 {verdict}" in run.stdout


def test_port_that_is_in_use_is_refused_in_one_line(approved: Runner, served: Serving) -> None:
    run = approved.command_of("serve", "--port", str(served.port))
    line = f"refused: port {served.port} is in use: choose another with PORT=..., or any free one with PORT=0\n"
    assert (run.returncode, run.stdout, run.stderr) == (2, "", line)


def test_requests_at_once_are_answered_while_others_send_slowly(approved: Runner, served: Serving) -> None:
    known = read_smoke_test(approved)
    with ExitStack() as stack:
        for _ in range(AT_ONCE):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=30))
            slow.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(served.post, [known["body"]] * AT_ONCE))
        # None of the slow ones was given up meanwhile.
        slow.setblocking(False)
        with pytest.raises(BlockingIOError):
            slow.recv(1)
    assert {answer["predictions"][0]["prediction"] for answer in answers} == {known["prediction"]}


def test_body_over_the_limit_is_refused_and_the_next_request_is_answered(approved: Runner, served: Serving) -> None:
    connection = served.connect()
    connection.request("POST", "/invocations", b" " * 7_000_000, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert (answer.status, "send the records in parts" in answer.read().decode()) == (413, True)
    connection.request("POST", "/invocations", read_smoke_test(approved)["body"])
    assert connection.getresponse().status == 200
    connection.close()


def test_predictions_of_a_file_are_those_of_the_evaluation(approved: Runner, tmp_path: Path) -> None:
    run = approved.command_of("predict", "--input", str(SAMPLE), "--out", str(tmp_path / "out.csv"))
    assert run.returncode == 0, run.stderr
    rows = read_rows(tmp_path / "out.csv")
    assert {row["model_version"] for row in rows} == {"1"}
    predicted = {row["employee_id"]: float(row["prediction"]) for row in reversed(rows)}
    outputs = {name: step.get("Outputs", {}) for name, step in approved.steps().items()}
    test_rows = read_rows(Path(outputs["EmpBonusDataSplit"]["readable-test"]) / "readable_test.csv")
    ours = sorted((float(row["bonus"]), predicted[row["employee_id"]]) for row in test_rows)
    evaluated = read_rows(Path(outputs["EmpBonusEvaluation"]["evaluation"]) / "predictions.csv")
    theirs = sorted((float(row["actual"]), float(row["predicted"])) for row in evaluated)
    assert len(ours) == len(theirs) > 100
    assert all(math.isclose(one, other, rel_tol=1e-9) for one, other in zip(flat(ours), flat(theirs), strict=True))

    rejected = read_rows(tmp_path / "out.rejected.csv")
    lines = SAMPLE.read_text(encoding="utf-8").count("\n") - 1
    assert len(rows) + len(rejected) == lines
    assert f"predicted {len(rows):,} of {lines:,} rows" in run.stdout
    assert f"{len(rejected)} rows: {tmp_path / 'out.rejected.csv'}" in run.stdout
    assert {"mock_data.csv"} == {row["file"] for row in rejected}
    assert ("837", "salary", "not a number from 1,000 to 500,000") in {
        (row["row"], row["column"], row["reason"]) for row in rejected
    }

    again = approved.command_of("predict", "--input", str(SAMPLE), "--out", str(tmp_path / "again.csv"))
    assert again.returncode == 0
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("again.csv", "again.rejected.csv", "out.csv", "out.rejected.csv"),
    ]


def flat(pairs: list[tuple[float, float]]) -> list[float]:
    return [value for pair in pairs for value in pair]


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_file_that_cannot_be_scored_is_refused_and_leaves_nothing(approved: Runner, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("employee_id,age\nE1,30\n")
    run = approved.command_of("predict", "--input", str(tmp_path / "in.csv"))
    assert run.returncode == 2
    assert re.match(r"refused: in\.csv: missing column salary, department", run.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize("width", [1280, 390])
def test_record_is_typed_by_keyboard_and_its_bonus_shown(
    served: Serving, chromium: browser.Browser, width: int
) -> None:
    chromium.resize(width, 900)
    chromium.open(f"http://127.0.0.1:{served.port}/")
    type_salary(chromium, "1e9")
    assert chromium.evaluate("document.querySelector('[role=alert] a').textContent") == "Salary"
    assert chromium.evaluate("document.getElementById('salary-note').textContent") == (
        "Not a number from 1,000 to 500,000."
    )
    type_salary(chromium, "131000.50")
    shown = chromium.evaluate("document.querySelector('.lead strong').textContent")
    record = {**json.loads(read_field(served.text)), "salary": "131000.50"}
    (predicted,) = served.post(json.dumps(record))["predictions"]
    assert shown == f"{predicted['prediction']:,.2f}"
    assert chromium.evaluate("[...document.querySelectorAll('svg.bar')].every(each => each.clientWidth > 50)")
    assert chromium.evaluate("document.documentElement.scrollWidth") <= width
    assert chromium.parameters("Log.entryAdded") == []
    asked = {each["request"]["url"] for each in chromium.parameters("Network.requestWillBeSent")}
    # The browser's own drawings, such as a calendar, are data.
    assert {url for url in asked if not url.startswith("data:")} == {f"http://127.0.0.1:{served.port}/"}


def type_salary(chromium: browser.Browser, text: str) -> None:
    """Go from field to field, as a person without a mouse does, and send the form from the salary's."""
    for _ in range(20):
        chromium.press("Tab")
        if chromium.evaluate("document.activeElement.id") == "salary":
            break
    chromium.type(text)
    chromium.submit()


def read_field(text: str) -> str:
    """Return the body of the printed request."""
    words = shlex.split(next(line for line in text.splitlines() if line.startswith("curl ")))
    return words[words.index("--data") + 1]


def test_page_is_dark_where_the_browser_is(served: Serving, chromium: browser.Browser) -> None:
    backgrounds = []
    for scheme in ("light", "dark"):
        chromium.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        chromium.open(f"http://127.0.0.1:{served.port}/")
        backgrounds.append(chromium.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert backgrounds == ["rgb(255, 255, 255)", "rgb(21, 25, 29)"]


ANSWERING: Mapping[str, str] = {
    "inference/wsgi.py": """
import os
def application(environ, start_response):
    start_response("200 OK", [])
    return [f"the archive's code, {os.environ['MODEL_VERSION']}, {os.environ.get('AWS_PROFILE')}".encode()]
"""
}


def test_code_that_answers_is_that_of_the_registered_archive(tmp_path: Path) -> None:
    stage = Stage.write(tmp_path)
    stage.register("Approved", ANSWERING)
    with start_endpoint(find_version(stage.group, None), listen(0)) as endpoint:
        connection = http.client.HTTPConnection(endpoint.url.removeprefix("http://"), timeout=30)
        connection.request("GET", "/ping")
        assert connection.getresponse().read() == b"the archive's code, 1, None"
        connection.close()


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("raise ValueError('weights of another model')", "does not start: ValueError: weights of another model; serve"),
        (
            "def application(environ, start):\n    start('503 Busy', [])\n    return []",
            "answers a ping with 503; serve another",
        ),
    ],
    ids=["does not start", "is not healthy"],
)
def test_version_that_does_not_answer_a_ping_is_refused(tmp_path: Path, code: str, line: str) -> None:
    stage = Stage.write(tmp_path)
    stage.register("Approved", {"inference/wsgi.py": code})
    listener = listen(0)
    with pytest.raises(RefusedError, match=line), start_endpoint(find_version(stage.group, None), listener):
        pass
    assert listener.fileno() == -1
