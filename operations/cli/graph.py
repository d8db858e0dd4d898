"""Draws a pipeline of a stage from its definition: Mermaid, or SVG; no AWS and no synthesis."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from operations.cli.output import print_json
from operations.cli.selection import add_pipeline

if TYPE_CHECKING:
    from operations.cli.context import Context
    from operations.pipeline_diff.change import Graph

HELP = "draw a pipeline of a stage, as Mermaid or SVG"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which pipeline, and how."""
    add_pipeline(parser)
    parser.add_argument("--svg", action="store_true", help="print an SVG document instead of Mermaid")


def run(options: argparse.Namespace, context: "Context") -> int:
    """Print the picture."""
    from operations.pictures import mermaid, svg
    from operations.pictures.graph import read_graph
    from pipeline_definition import build_definition, build_monitoring_definition, build_scoring_definition

    builds = {"scoring": build_scoring_definition, "monitoring": build_monitoring_definition}
    graph = read_graph(json.loads(builds.get(options.pipeline, build_definition)(context.stage)))
    if options.json:
        print_json(_document(graph))
    elif options.svg:
        print(svg.draw(graph, f"The {options.pipeline} pipeline of {context.stage.name}"), end="")
    else:
        print(mermaid.draw(graph), end="")
    return 0


def _document(graph: "Graph") -> dict[str, Any]:
    return {
        "steps": [{"name": node.name, "type": node.kind, "branch": node.branch} for node in graph.steps],
        "edges": [list(edge) for edge in graph.edges],
    }
