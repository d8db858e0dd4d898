"""A difference as GitHub's Markdown: what it means first, what needs no decision folded, as long as is allowed."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from execution_report.wording import counted
from operations.pictures import mermaid
from operations.pipeline_diff.change import Diff, Graph, PipelineDiff, Severity
from operations.pipeline_diff.render.summary import VERBS, Row, always_run, explain, headline, rows
from operations.pipeline_diff.render.wording import clip, join, money, on_one_line, shorten

LIMIT = 30_000
"""Two stages fit in a comment: GitHub's API refuses more with `Body is too long (maximum is 65536 characters)`."""
MOST_EDGES = 500
MOST_CHARACTERS = 50_000
"""What Mermaid draws by default: maxEdges and maxTextSize, mermaid-js/mermaid, config.schema.yaml."""

_ALERTS: Mapping[Severity | None, str] = {
    Severity.DANGER: "CAUTION",
    Severity.REVIEW: "WARNING",
    Severity.NOTE: "NOTE",
    None: "TIP",
}
# How many changes are not folded: what is to be agreed to stands there whole, and a screen of the rest.
_OPEN: Mapping[Severity, int] = {Severity.DANGER: 1_000, Severity.REVIEW: 12, Severity.NOTE: 0}
# Rows of each table, lines of each row, characters of each picture: the first that fits is taken.
_CAPS = ((1_000, 5, MOST_CHARACTERS), (200, 5, 20_000), (60, 3, 8_000), (20, 2, 4_000), (5, 0, 0))
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


@dataclass(frozen=True)
class _Cap:
    rows: int
    lines: int
    picture: int
    several: bool
    """Whether a change has to say in which pipeline it is."""


def render(diff: Diff, limit: int = LIMIT, title: str = "Pipeline diff") -> str:
    """Return at most *limit* characters; what is left out is said where it would stand."""
    several = sum(not each.is_empty for each in diff.pipelines) > 1
    for sizes in _CAPS:
        sections = list(_sections(diff, _Cap(*sizes, several)))
        sections.insert(0, f"### {escape(title)}: {escape(headline(diff))}")
        if len(text := _join(sections)) <= limit:
            return text
    notice = "The rest is left out: it is too long for a comment. `make diff` shows all of it."
    while len(_join([*sections, notice])) > limit:
        sections.pop()
    return _join([*sections, notice])


def _join(sections: Sequence[str]) -> str:
    return "\n\n".join(sections) + "\n"


def _sections(diff: Diff, cap: _Cap) -> Iterator[str]:
    meaning = "\n".join(f"> - {escape(sentence)}" for sentence in explain(diff))
    yield f"> [!{_ALERTS[diff.severity]}]\n> {code(diff.base)} → {code(diff.head)}\n>\n{meaning}"
    found = rows(diff)
    for severity, verb in VERBS.items():
        of_severity = [row for row in found if row.change.severity is severity]
        shown = _OPEN[severity]
        if of_severity[:shown]:
            title = f"{verb.capitalize()} {counted(len(of_severity), 'change')}"
            yield f"**{title}**\n\n{_table(of_severity[:shown], cap)}"
        if more := of_severity[shown:]:
            yield _fold(
                f"{verb.capitalize()} {counted(len(more), 'more change' if shown else 'change')}", _table(more, cap)
            )
    for each in diff.pipelines:
        if not each.is_empty:
            yield _fold(f"Steps of {each.pipeline}", _steps(each, cap))
    if costs := list(_costs(diff)):
        yield _fold("Cost at list prices", "\n".join(["| | before | after |", "| --- | --: | --: |", *costs]))


def _table(found: Sequence[Row], cap: _Cap) -> str:
    lines = [_row(row, cap) for row in found[: cap.rows]]
    head = ["| about | change | before | after |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *lines]) + _left_out(len(found) - len(lines), "change")


def _row(row: Row, cap: _Cap) -> str:
    change = row.change
    before, after = ("" if value is None else code(value) for value in shorten(change.before, change.after))
    where = f" in {escape(row.pipeline)}" if cap.several and row.pipeline else ""
    about = [f"**{escape(change.subject)}**{where}: {escape(clip(change.what))}"]
    about += [escape(clip(change.why))] if change.why else []
    about += [f"• {code(shorten(detail, None)[0] or '')}" for detail in change.details[: cap.lines]]
    hidden = len(change.details) - cap.lines
    about += [f"• and {hidden:,} more"] if hidden > 0 else []
    return f"| {change.area} | {'<br>'.join(about)} | {before} | {after} |"


def _steps(diff: PipelineDiff, cap: _Cap) -> str:
    always = always_run(diff)
    recomputed = [effect for effect in diff.effects if effect.recomputed and effect.step not in always]
    cached = [effect.step for effect in diff.effects if not effect.recomputed]
    lines = [f"| {escape(effect.step)} | {escape(effect.because)} |" for effect in recomputed[: cap.rows]]
    parts = [_picture(diff, frozenset(effect.step for effect in recomputed), cap)]
    if lines:
        left_out = _left_out(len(recomputed) - len(lines), "step")
        parts.append("\n".join(["| runs again | because |", "| --- | --- |", *lines]) + left_out)
    for title, names in (("From the cache", cached), ("Always run", always)):
        if names:
            parts.append(f"{title}: {escape(join(names, cap.rows))}.")
    return "\n\n".join(part for part in parts if part)


def _picture(diff: PipelineDiff, recomputed: frozenset[str], cap: _Cap) -> str:
    match diff.before, diff.after:
        case None, None:
            return ""
        case (None, Graph() as graph) | (Graph() as graph, None):
            drawn = mermaid.draw(graph)
        case Graph() as before, Graph() as after:
            drawn = mermaid.draw_change(before, after, recomputed)
    if len(drawn) > cap.picture or drawn.count("->") + drawn.count("=>") > MOST_EDGES:
        return "The picture is left out: it is too large."
    return f"```mermaid\n{drawn}```"


def _costs(diff: Diff) -> Iterator[str]:
    costs = {f"execution of {each.pipeline}": (each.run_before, each.run_after) for each in diff.pipelines}
    costs["month, idle and scheduled executions"] = (diff.month_before, diff.month_after)
    for subject, pair in costs.items():
        if pair[0] != pair[1]:
            before, after = ("" if cost is None else escape(money(cost.usd)) for cost in pair)
            unknown = sorted({name for cost in pair if cost for name in cost.unknown})
            note = f" (of unknown price: {', '.join(unknown)})" if unknown else ""
            yield f"| {escape(subject + note)} | {before} | {after} |"


def _fold(title: str, body: str) -> str:
    return f"<details><summary>{html.escape(title)}</summary>\n\n{body}\n\n</details>"


def _left_out(number: int, word: str) -> str:
    return f"\n\nLeft out here: {counted(number, f'more {word}')}. `make diff` shows all." if number > 0 else ""


def escape(text: str) -> str:
    """Return *text* as Markdown that shows it: no markup, no HTML, nobody is mentioned, on one line."""
    return _SPECIAL.sub(r"\\\1", on_one_line(text)).replace("@", "&#64;")


def code(text: str) -> str:
    """Return *text* as code in a cell of a table: in more backticks than it has in a row, and its bars escaped."""
    if not text.strip():
        return "*empty*"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if "`" in text else ""
    return f"{fence}{space}{on_one_line(text)}{space}{fence}".replace("|", "\\|")
