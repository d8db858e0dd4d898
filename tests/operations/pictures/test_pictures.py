"""Pictures of pipelines: the edges that they show, the words that they mark with, and that the README's is true."""

import json
import re
from xml.etree import ElementTree

import pytest

from operations.pictures import mermaid, svg
from operations.pictures.graph import read_graph, reduce
from operations.pictures.layout import place
from operations.pipeline_diff.change import Graph, Node
from tests.end_to_end.commands import ROOT
from tests.operations.command_line import run

DIAMOND = (("A", "B"), ("A", "C"), ("B", "D"), ("C", "D"))
LONG_WAY = (("A", "B"), ("B", "C"), ("C", "D"), ("A", "D"))


def graph(*edges: tuple[str, str], changed: tuple[str, ...] = (), alone: tuple[str, ...] = ()) -> Graph:
    names = dict.fromkeys([*(name for edge in edges for name in edge), *alone])
    return Graph(tuple(Node(name, "Processing") for name in names), edges, frozenset(changed))


@pytest.mark.parametrize(
    ("edges", "kept"),
    [
        (DIAMOND, DIAMOND),
        (LONG_WAY, LONG_WAY[:3]),
        ((("A", "B"), ("B", "A")), (("A", "B"), ("B", "A"))),
        ((), ()),
    ],
    ids=["diamond", "long way", "circle", "none"],
)
def test_edges_that_others_imply_are_left_out(
    edges: tuple[tuple[str, str], ...], kept: tuple[tuple[str, str], ...]
) -> None:
    assert reduce(graph(*edges)) == kept


def test_steps_of_branches_wait_for_their_condition() -> None:
    inner = {"Name": "Register", "Type": "RegisterModel", "Arguments": {}}
    gate = {"Name": "Gate", "Type": "Condition", "Arguments": {"IfSteps": [inner], "ElseSteps": []}}
    found = read_graph({"Steps": [gate]})
    assert found.steps == (Node("Gate", "Condition"), Node("Register", "RegisterModel", "Gate.IfSteps"))
    assert found.edges == (("Gate", "Register"),)
    assert mermaid.draw(found) == (
        'flowchart TB\n    s0{"Gate<br>Condition"} -->|true| s1[("Register<br>RegisterModel")]\n'
    )


def test_what_a_change_adds_removes_and_recomputes_is_marked_in_words_and_colours() -> None:
    before = graph(("A", "B"), ("B", "Old"), ("B", "C"))
    after = graph(("A", "B"), ("A", "New"), ("B", "C"), changed=("A",))
    assert (
        mermaid.draw_change(before, after, recomputed=frozenset("AB"))
        == """flowchart TB
    s0["A<br>Processing, changed"] --> s1["B<br>Processing, runs again"]
    s0 ==> s2["New<br>Processing, new"]
    s1 --> s3["C<br>Processing"]
    s1 -.-> s4["Old<br>Processing, removed"]
    classDef added fill:#dafbe1,color:#0a3010,stroke:#1a7f37,stroke-width:3px
    class s2 added
    classDef removed fill:#ffebe9,color:#5c0a0a,stroke:#cf222e,stroke-width:2px,stroke-dasharray:6 3
    class s4 removed
    classDef changed fill:#fff8c5,color:#3b2300,stroke:#9a6700,stroke-width:3px
    class s0 changed
    classDef recomputed fill:#fffdf0,color:#3b2300,stroke:#9a6700,stroke-width:1px
    class s1 recomputed
"""
    )


def test_new_edge_is_shown_also_where_others_imply_it() -> None:
    picture = mermaid.draw_change(graph(*LONG_WAY[:3]), graph(*LONG_WAY))
    assert "s0 ==> s3" in picture


def test_name_of_a_step_cannot_end_its_label() -> None:
    assert 's0["A__ --_ B_x_<br>Processing"]' in mermaid.draw(graph(alone=('A"] --> B#x;',)))


def test_no_two_steps_stand_on_one_another_nor_in_the_way_of_an_edge() -> None:
    edges = (*DIAMOND, ("D", "E"), ("A", "F"), ("F", "E"), ("C", "G"))
    names = [node.name for node in graph(*edges).steps]
    layout = place(names, edges)
    assert len(set(layout.positions.values())) == len(names)
    for edge, route in layout.routes.items():
        assert (route[0], route[-1]) == tuple(layout.positions[name] for name in edge)
        assert [row for _, row in route] == list(range(route[0][1], route[-1][1] + 1))
        assert not set(route[1:-1]) & set(layout.positions.values())


def test_svg_stands_alone_and_is_legible_on_dark_ground(definitions: dict[str, str]) -> None:
    text = svg.draw(read_graph(json.loads(definitions["dev"])), "A & B")
    root = ElementTree.fromstring(text)  # noqa: S314  # our own
    namespace = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{namespace}title") == "A & B"
    _, _, width, height = map(int, root.attrib["viewBox"].split())
    for box in root.iter(f"{namespace}rect"):
        assert float(box.attrib["x"]) + float(box.attrib["width"]) < width
        assert float(box.attrib["y"]) + float(box.attrib["height"]) < height
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    coloured = re.findall(r"(\S+) \{[^}]*(?:fill|stroke): #", light)
    assert [each for each in coloured if f"{each} {{" not in dark] == []
    assert not re.search(r"<script|href|url\(", text)


def test_pipeline_in_the_readme_is_that_of_prod(definitions: dict[str, str]) -> None:
    (shown,) = re.findall(r"```mermaid\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    drawn = mermaid.draw(read_graph(json.loads(definitions["prod"])))
    assert shown == drawn, "put what make graph STAGE=prod prints into README.md"


def test_graph_command_prints_a_pipeline_of_the_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("graph", "--scoring", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert [step["name"] for step in document["steps"]] == ["EmpBonusFindChampion", "EmpBonusScore"]
    assert document["edges"] == [["EmpBonusFindChampion", "EmpBonusScore"]]
    assert run("graph", "--scoring", "--svg") == 0
    assert '<title id="pipeline-title">The scoring pipeline of dev</title>' in capsys.readouterr().out
    assert run("graph", "--monitoring") == 0
    drawn = capsys.readouterr().out
    assert drawn.startswith("flowchart TB\n")
    assert '{"EmpBonusDriftCheck<br>Condition"}' in drawn
