"""A difference as people and programs read it: what comes first, what is folded, cut or escaped."""

import io
import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from rich.console import Console

from operations.pipeline_diff.change import Area, Change, Cost, Diff, Graph, Node, PipelineDiff, Severity
from operations.pipeline_diff.render import markdown, terminal
from operations.pipeline_diff.render.document import build_document
from operations.pipeline_diff.render.summary import explain, headline
from operations.pipeline_diff.render.wording import cost_change, money, shorten
from tests.operations.pipeline_diff.differences import EVERYTHING, NOTHING, PIPELINE, with_changes


def in_terminal(diff: Diff) -> str:
    console = Console(file=io.StringIO(), width=80, soft_wrap=True)
    console.print(terminal.render(diff))
    text = console.file.getvalue()  # type: ignore[attr-defined]  # the file is the one above
    assert isinstance(text, str)
    return text


def test_headline_says_what_to_do_the_worst_first() -> None:
    assert headline(EVERYTHING) == "agree to 2 changes, look at 2, know of 2"
    assert headline(replace(NOTHING, changes=(Change(Area.OTHER, "A", "x"),))) == "know of 1 change"


def test_cost_of_other_changes_is_no_change_to_count() -> None:
    cost = Change(Area.COST, "a month", "idle and scheduled executions", "about 3 USD", "about 4 USD")
    diff = replace(EVERYTHING, changes=(*EVERYTHING.changes, cost))
    assert headline(diff) == headline(EVERYTHING)
    assert markdown.render(diff) == markdown.render(EVERYTHING)


def test_names_neither_colour_a_terminal_nor_command_a_log() -> None:
    text = "a\x1b[31mb\n::error::c\u202ed"
    diff = replace(NOTHING, changes=(Change(Area.STEP, text, text, text, text, why=text, details=(text,)),))
    for shown in (in_terminal(diff), markdown.render(diff)):
        assert not {"\x1b", "\u202e"} & set(shown)
        assert not any(line.lstrip().startswith("::") for line in shown.splitlines())


def test_terminal_shows_the_worst_first() -> None:
    shown = re.findall(r"^(danger|review|note) ", in_terminal(EVERYTHING), re.MULTILINE)
    assert shown == ["danger", "danger", "review", "review", "note", "note"]


def test_terminal_cuts_nothing_off_however_narrow() -> None:
    users = ", ".join(f"EmpBonusStep{number}" for number in range(9))
    change = Change(Area.LIMIT, "MinimumR2", "default", "0.5 " * 30, "0.7", why="why " * 30, details=(users,))
    text = in_terminal(replace(NOTHING, changes=(change,)))
    assert all(part in text for part in (users, ("0.5 " * 30).strip(), ("why " * 30).strip()))


def test_no_change_is_said_as_such_in_every_form() -> None:
    assert NOTHING.is_empty
    assert "### Pipeline diff: no change\n" in markdown.render(NOTHING)
    assert "<details>" not in markdown.render(NOTHING)
    assert in_terminal(NOTHING) == "main -> HEAD: no change\nmain and HEAD deploy the same.\n"
    assert build_document(NOTHING)["severity"] is None


def test_meaning_comes_before_the_tables_and_notes_are_folded() -> None:
    text = markdown.render(EVERYTHING)
    order = [
        "[!CAUTION]",
        "It broadens JobRole",
        "recomputes 2 of 2 steps",
        "**Agree to",
        "**Look at",
        "<details>",
        "Know of",
    ]
    assert sorted(order, key=text.index) == order


def test_every_change_is_shown_in_every_form() -> None:
    texts = markdown.render(EVERYTHING), in_terminal(EVERYTHING), json.dumps(build_document(EVERYTHING))
    for change in EVERYTHING.all_changes:
        what = change.what.replace("[", "\\[").replace("]", "\\]")
        assert [change.subject in text and (change.what in text or what in text) for text in texts] == [True] * 3


@pytest.mark.parametrize("pipeline", [replace(PIPELINE, before=None), replace(PIPELINE, after=None)])
def test_new_or_removed_pipeline_is_said_and_drawn(pipeline: PipelineDiff) -> None:
    diff = replace(EVERYTHING, pipelines=(pipeline,))
    assert any(" is new, with 4 steps." in each or " is removed." in each for each in explain(diff))
    assert "```mermaid\nflowchart TB\n" in markdown.render(diff)


@pytest.mark.parametrize("number", [3, 60, 2_000])
@pytest.mark.parametrize("limit", [65_000, 9_000, 2_500])
def test_markdown_keeps_its_limit_says_what_it_leaves_out_and_closes_what_it_opens(number: int, limit: int) -> None:
    diff = with_changes(number)
    text = markdown.render(diff, limit)
    assert len(text) <= limit
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0
    shown = len(re.findall(r"^\| other \|", text, re.MULTILINE))
    told = [int(each.replace(",", "")) for each in re.findall(r"Left out here: ([\d,]+) more change", text)]
    assert shown + sum(told) == number or "The rest is left out" in text


@pytest.mark.parametrize(
    "value", ["a|b", "`", "a `` b", "@team", "<img src=x>", "two\nlines", "", "*a*_b_", "&lt;", "\\", "$x$"]
)
def test_value_cannot_leave_its_cell(value: str) -> None:
    change = Change(Area.OTHER, value, value, value, value, Severity.REVIEW, value, (value,))
    text = markdown.render(replace(NOTHING, changes=(change,)))
    (row,) = re.findall(r"^\| other \|.*$", text, re.MULTILINE)
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", row.replace("\\`", "")).replace("<br>", "")
    assert not re.search(r"@|(?<!\\)<|(?<!\\)\$|(?<!\\)&(?!#64)", outside)


def test_long_values_are_shown_where_they_differ() -> None:
    before, after = shorten("x" * 500 + "ml.m5.large" + "y" * 500, "x" * 500 + "ml.c5.large" + "y" * 500)
    assert before == f"…{'x' * 21}ml.m5.large{'y' * 17}…"
    assert after == (before or "").replace("m5", "c5")


def test_values_that_differ_at_both_ends_are_cut() -> None:
    before, after = shorten("a" + "x" * 500 + "b", "c" + "x" * 500 + "d")
    assert (before or "")[:1] + (before or "")[-1:] == "a…"
    assert len(after or "") == 140


@pytest.mark.parametrize(("usd", "text"), [(1234.5, "$1,234.50"), (0.0042, "$0.0042"), (-0.31, "-$0.31"), (0, "$0")])
def test_money_keeps_two_digits(usd: float, text: str) -> None:
    assert money(usd) == text


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (Cost(1.5), Cost(2.5), "costs $2.50 instead of $1.50 (+$1.00)"),
        (Cost(2.5), Cost(1.5), "costs $1.50 instead of $2.50 (-$1.00)"),
        (Cost(1.5), Cost(1.5), ""),
        (None, None, ""),
        (None, Cost(1.5), "costs $1.50 instead of nothing"),
        (Cost(1), Cost(1, ("ml.x",)), "costs $1.00 (plus ml.x, of unknown price) instead of $1.00"),
    ],
)
def test_cost_that_changes_is_said_and_an_unknown_price_is_no_number(
    before: Cost | None, after: Cost | None, text: str
) -> None:
    assert cost_change(before, after) == text


def test_picture_that_github_would_not_draw_is_left_out() -> None:
    large = replace(EVERYTHING, pipelines=(replace(PIPELINE, after=None, before=many_steps(600)),))
    assert "The picture is left out" in markdown.render(large)


def many_steps(number: int) -> Graph:
    names = [f"S{n}" for n in range(number)]
    return Graph(tuple(Node(name, "Processing") for name in names), tuple(pairwise(names)))


def test_json_has_names_for_severities_and_numbers_for_money() -> None:
    document = json.loads(json.dumps(build_document(EVERYTHING)))
    assert document["severity"] == "danger"
    assert [change["severity"] for change in document["changes"]] == ["danger", "danger", "review", "note"]
    assert document["month"] == {"before": {"usd": 12.5, "unknown": []}, "after": {"usd": 31, "unknown": []}}
    assert document["pipelines"][0]["after"]["changed"] == ["EmpBonusPreProcessing", "EmpBonusTraining"]
