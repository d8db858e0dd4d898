"""`python -m execution_report [EXECUTION]` writes the report of an execution, run here or on AWS, as one HTML page.

Exit codes: 0 written, 2 refused.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from execution_report.aws_source import Aws, ExecutionArn, read_execution
from execution_report.page import render
from execution_report.report import FILE_NAME, save
from execution_report.sources import ReportError, read_folder

LATEST = ".local/executions/latest"
REFUSED = 2


def main(argv: Sequence[str], connect: Callable[[str], Aws]) -> int:
    """Write the report that the command line asks for, and print where it is."""
    options = _parse(argv)
    try:
        print(_write(options.execution, options.out, connect))
        return 0
    except ReportError as error:
        print(f"refused: {error}", file=sys.stderr)
        return REFUSED


def _write(execution: str, out: Path | None, connect: Callable[[str], Aws]) -> Path:
    if execution.startswith("arn:"):
        arn = ExecutionArn.parse(execution)
        facts, usual = read_execution(arn, connect), Path(f"report-{arn.id}.html")
    else:
        facts, usual = read_folder(Path(execution)), Path(execution) / FILE_NAME
    return save(render(facts), out or usual)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m execution_report", description=__doc__)
    add = parser.add_argument
    add("execution", nargs="?", default=LATEST, help="the folder of a local execution, or an ARN (%(default)s)")
    add("--out", type=Path, help="the file to write (report.html in the folder, or report-ID.html here)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Aws.connect))
