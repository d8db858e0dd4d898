"""One comment in a pull request: found by a marker that nobody sees, created once, updated in place.

Source: GitHub Docs, "REST API endpoints for issue comments" (every pull request is an issue; 100 on a page) and "Using
pagination in the REST API" (the Link header). Only the standard library is imported: the job that may write runs this
without installing anything.
"""

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from operations.refusal import RefusedError

MARKER = "<!-- pipeline-diff: this comment is updated in place -->"
API = "https://api.github.com"
TIMEOUT_S = 30
_WITHOUT_RIGHTS = (401, 403, 404)
"""The last is of what a token may not even see: GitHub Docs, "Troubleshooting the REST API"."""
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


@dataclass(frozen=True)
class Request:
    """What is sent."""

    method: str
    url: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Response:
    """What is answered."""

    status: int
    document: Any
    link: str = ""
    """The header that says where the next page is."""


Send = Callable[[Request], Response]


@dataclass(frozen=True)
class PullRequest:
    """Where the comment is to be."""

    repository: str
    """`owner/name`."""
    number: int
    api: str = API

    @property
    def comments(self) -> str:
        """Where its comments are listed and created."""
        return f"{self.api}/repos/{self.repository}/issues/{self.number}/comments"

    def comment(self, id_: int) -> str:
        """Return where a comment is updated."""
        return f"{self.api}/repos/{self.repository}/issues/comments/{id_}"


def post(text: str, to: PullRequest, send: Send) -> str:
    """Create or update the comment, and return which; raises `RefusedError` where GitHub does not let it."""
    body = {"body": f"{MARKER}\n{text}"}
    found = next(_find(to, send), None)
    if found is None:
        _ask(Request("POST", to.comments, body), send)
        return "created"
    _ask(Request("PATCH", to.comment(found), body), send)
    return "updated"


def connect(token: str) -> Send:
    """Return what sends requests to GitHub with *token*."""
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "X-GitHub-Api-Version": "2022-11-28",
    }

    def send(request: Request) -> Response:
        data = None if request.body is None else json.dumps(request.body).encode()
        asked = urllib.request.Request(request.url, data, headers, method=request.method)  # noqa: S310  # GitHub's
        try:
            with urllib.request.urlopen(asked, timeout=TIMEOUT_S) as answer:  # noqa: S310  # the same
                return Response(answer.status, json.load(answer), answer.headers.get("Link", ""))
        except urllib.error.HTTPError as error:
            return Response(error.code, {"message": error.reason})
        except (OSError, ValueError, http.client.HTTPException) as error:  # also where an answer stops, or is no JSON
            told = getattr(error, "reason", error)
            raise RefusedError(f"GitHub does not answer ({told}): run the job again") from error

    return send


def _find(to: PullRequest, send: Send) -> Iterator[int]:
    """Yield the ids of our comments, on all pages; one that a person wrote, such as a quotation, is none of them."""
    url = f"{to.comments}?per_page=100"
    while url:
        page = _ask(Request("GET", url), send)
        for comment in page.document:
            author = comment.get("user") or {}  # none where the account was deleted
            if author.get("type") == "Bot" and (comment.get("body") or "").startswith(MARKER):
                yield comment["id"]
        following = _NEXT.search(page.link)
        url = following[1] if following else ""


def _ask(request: Request, send: Send) -> Response:
    response = send(request)
    if response.status >= 300:
        message = response.document.get("message", "")
        lacks_rights = "the token needs pull-requests: write, which that of a fork's pull request never has"
        remedy = lacks_rights if response.status in _WITHOUT_RIGHTS else "run the job again"
        raise RefusedError(f"GitHub answered {response.status} {message} to {request.method} {request.url}: {remedy}")
    return response
