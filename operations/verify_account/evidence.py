"""The evidence as a file for programs and a page for people, in which nobody finds the account."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from operations.verify_account.assumptions import ASSUMPTIONS
from operations.verify_account.judges import Verdict
from operations.verify_account.observations import Document, Observations

NAME = "account-evidence"


class LeakError(Exception):
    """The evidence would disclose what it must not: what, then the remedy."""


def build(seen: Observations, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the evidence; *about* says when, where and by which versions it was gathered."""
    judged = [(each, each.judge(seen)) for each in ASSUMPTIONS]
    return {
        **about,
        "counts": {verdict: sum(finding.verdict is verdict for _, finding in judged) for verdict in Verdict},
        "assumptions": [
            {"id": each.id, "assumption": each.text, **finding._asdict(), "where": each.where}
            for each, finding in judged
        ],
        **asdict(seen),
        "events": find_shapes(seen.events),
    }


def find_shapes(events: Iterable[Document]) -> dict[str, list[str]]:
    """Return the members of each kind of event with their types, and none of their values."""
    shapes: dict[str, set[str]] = {}
    for event in events:
        shapes.setdefault(event["detail-type"], set()).update(_members(event))
    return {kind: sorted(members) for kind, members in sorted(shapes.items())}


def _members(node: Any, path: str = "") -> Iterable[str]:
    match node:
        case dict():
            for name, value in node.items():
                yield from _members(value, f"{path}.{name}".lstrip("."))
        case [first, *_]:
            yield from _members(first, f"{path}[]")
        case _:
            yield f"{path}: {type(node).__name__}"


def redact(text: str, secrets: Mapping[str, str]) -> str:
    """Return *text* without *secrets*, the longest first, and without what may be another account's number."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, secrets[secret])
    return re.sub(r"(?<![\w-])\d{12}(?![\w-])", "<account>", text)


def find_leaks(text: str, forbidden: Mapping[str, str]) -> list[str]:
    """Return what of *forbidden* is in *text*, be it in capitals, or with other characters in between."""
    return sorted({what for name, what in forbidden.items() if _condense(name) in _condense(text)})


def _condense(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())


def write(folder: Path, document: Mapping[str, Any], secrets: Mapping[str, str], forbidden: Mapping[str, str]) -> None:
    """Write file and page; raise `LeakError` and write neither when one would disclose what is *forbidden*."""
    text = redact(json.dumps(document, indent=2, ensure_ascii=False), secrets)
    files = {f"{NAME}.json": f"{text}\n", f"{NAME}.md": render(json.loads(text))}
    for name, content in files.items():
        if found := find_leaks(content, forbidden):
            raise LeakError(f"{name} has {' and '.join(found)} in it: nothing is written, report this as a fault")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")


def render(document: Mapping[str, Any]) -> str:
    """Return the page of *document*: the assumptions in a table, and all else as it is in the file."""
    facts = dict(document)
    assumptions, counts = facts.pop("assumptions"), facts.pop("counts")
    rows = [[each[name] for name in ("id", "assumption", "verdict", "observed", "where")] for each in assumptions]
    head = ["id", "assumption", "verdict", "observed", "where it stands"]
    lines = [
        f"# Assumptions about AWS: {', '.join(f'{number} {verdict}' for verdict, number in counts.items())}",
        "",
        *(f"| {' | '.join(_cell(text) for text in row)} |" for row in (head, ["---"] * len(head), *rows)),
    ]
    for name, fact in facts.items():
        lines += ["", f"**{name}**", "", *(f"    {line}" for line in json.dumps(fact, indent=1).splitlines())]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").replace("<", "&lt;").split())
