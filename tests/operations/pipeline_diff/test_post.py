"""One comment in a pull request, against a GitHub that answers in pages of any size."""

import http.client
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from operations.pipeline_diff.__main__ import main
from operations.pipeline_diff.post import MARKER, PullRequest, Request, Response, connect, post
from operations.refusal import RefusedError
from tests.end_to_end.commands import ROOT

PULL_REQUEST = PullRequest("owner/name", 7)
REFUSAL = {"message": "Resource not accessible by integration"}


class GitHub:
    """The comments of pull request 7."""

    def __init__(self, *comments: dict[str, Any], page: int = 100, may_write: bool = True) -> None:
        self.comments = [{"id": number, **comment} for number, comment in enumerate(comments, 1)]
        self.asked: list[str] = []
        self._page = page
        self._may_write = may_write

    def send(self, request: Request) -> Response:
        url = urlsplit(request.url)
        assert url.netloc == "api.github.com"
        self.asked.append(request.method)
        match request.method, url.path.split("/")[1:]:
            case "GET", ["repos", "owner", "name", "issues", "7", "comments"]:
                return self._list(int(parse_qs(url.query).get("page", ["1"])[0]))
            case "POST" | "PATCH", _ if not self._may_write:
                return Response(403, REFUSAL)
            case "POST", ["repos", "owner", "name", "issues", "7", "comments"]:
                assert request.body is not None
                self.comments.append({"id": len(self.comments) + 1, **bot(request.body["body"])})
                return Response(201, self.comments[-1])
            case "PATCH", ["repos", "owner", "name", "issues", "comments", id_]:
                assert request.body is not None
                self.comments[int(id_) - 1]["body"] = request.body["body"]
                return Response(200, self.comments[int(id_) - 1])
        return Response(404, {"message": "Not Found"})

    def _list(self, page: int) -> Response:
        shown = self.comments[(page - 1) * self._page : page * self._page]
        base = "https://api.github.com/repos/owner/name/issues/7/comments?per_page=100&page="
        links = [f'<{base}{page - 1}>; rel="prev"'] if page > 1 else []
        links += [f'<{base}{page + 1}>; rel="next"'] if page * self._page < len(self.comments) else []
        return Response(200, shown, ", ".join(links))


def bot(body: str) -> dict[str, Any]:
    return {"user": {"login": "github-actions[bot]", "type": "Bot"}, "body": body}


def person(body: str) -> dict[str, Any]:
    return {"user": {"login": "somebody", "type": "User"}, "body": body}


def test_comment_is_created_once_and_then_updated_in_place() -> None:
    github = GitHub(person("looks good"))
    assert [post(text, PULL_REQUEST, github.send) for text in ("first", "second")] == ["created", "updated"]
    assert [comment["body"] for comment in github.comments] == ["looks good", f"{MARKER}\nsecond"]


def test_comment_on_a_later_page_is_updated() -> None:
    github = GitHub(*[person(str(number)) for number in range(5)], bot(f"{MARKER}\nold"), person("last"), page=2)
    assert post("new", PULL_REQUEST, github.send) == "updated"
    assert github.asked == ["GET", "GET", "GET", "PATCH"]
    assert len(github.comments) == 7
    assert github.comments[5]["body"] == f"{MARKER}\nnew"


@pytest.mark.parametrize(
    "other",
    [
        person(f"{MARKER}\ncopied"),
        bot(f"> {MARKER}\nquoted"),
        bot("of another tool"),
        {"user": None, "body": MARKER},
        {**bot(""), "body": None},
    ],
    ids=["person", "quotation", "other bot", "deleted account", "no text"],
)
def test_comment_of_somebody_else_is_left_alone(other: dict[str, Any]) -> None:
    github = GitHub(other)
    assert post("ours", PULL_REQUEST, github.send) == "created"
    assert github.comments[0]["body"] == other["body"]


def test_token_that_may_not_write_is_refused_with_the_permission_it_lacks() -> None:
    github = GitHub(may_write=False)
    with pytest.raises(RefusedError, match=r"answered 403 Resource not accessible .* needs pull-requests: write"):
        post("ours", PULL_REQUEST, github.send)
    assert github.comments == []


def test_job_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "diff.md"
    file.write_text("text", encoding="utf-8")
    github = GitHub()
    assert [main([str(file), "owner/name", "7"], {}, github.send) for _ in range(2)] == [0, 0]
    assert capsys.readouterr().out == "comment created\ncomment updated\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["diff.md", "owner/name", "7"], "refused: GitHub answered 403 Resource not accessible by integration to POST"),
        (["gone.md", "owner/name", "7"], "refused: gone.md: No such file or directory: name what"),
        (["diff.md", "owner/name", "seven"], "usage: python3 -m operations.pipeline_diff FILE"),
        ([], "usage: python3 -m operations.pipeline_diff FILE"),
    ],
)
def test_job_is_refused_in_one_line(
    arguments: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("diff.md").write_text("text", encoding="utf-8")
    assert main(arguments, {}, GitHub(may_write=False).send) == 2
    assert capsys.readouterr().err.startswith(line)


def test_job_that_may_write_imports_the_standard_library_alone(tmp_path: Path) -> None:
    """So that nothing that was installed reads its token."""
    command = [sys.executable, "-S", "-m", "operations.pipeline_diff", str(tmp_path / "diff.md"), "owner/name", "7"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={})
    assert (run.returncode, "No such file or directory: name what" in run.stderr) == (2, True), run.stderr


@pytest.mark.parametrize("error", [TimeoutError("timed out"), http.client.IncompleteRead(b""), ValueError("no JSON")])
def test_answer_that_stops_or_is_no_json_is_refused(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("urllib.request.urlopen", stop)
    with pytest.raises(RefusedError, match=r"^GitHub does not answer "):
        connect("token")(Request("GET", "https://api.github.com/"))
