"""Writes the report of an execution, run here or on AWS, as one HTML page."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from operations.cli.output import print_json
from operations.cli.selection import add_execution, find_local, find_on_aws

if TYPE_CHECKING:
    from execution_report.sources import Facts
    from operations.cli.context import Context

HELP = "write the HTML report of an execution"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which execution, also as the folder of a local one, and where the page goes."""
    add_execution(parser)
    parser.add_argument("--out", type=Path, help="the file to write (report-ID.html here, report.html in a folder)")


def run(options: argparse.Namespace, context: "Context") -> int:
    """Write the page, and print where it is."""
    from execution_report.page import render
    from execution_report.report import save

    facts, usual = _read(options, context)
    path = save(render(facts), options.out or usual)
    if options.json:
        print_json({"report": path})
    else:
        print(path)
    return 0


def _read(options: argparse.Namespace, context: "Context") -> "tuple[Facts, Path]":
    """Return what is known of the execution, and where its report goes unless somebody says so."""
    from execution_report.report import FILE_NAME
    from execution_report.sources import read_folder

    is_folder = "/" in options.execution and not options.execution.startswith("arn:")
    if is_folder or options.local:
        local = find_local(options, context)
        folder = Path(options.execution) if is_folder else local.locate(local.find(options.execution))
        return read_folder(folder), folder / FILE_NAME
    executions = find_on_aws(options, context)
    arn = executions.find(options.execution)
    return executions.read_facts(arn), Path(f"report-{arn.rpartition('/')[2]}.html")
