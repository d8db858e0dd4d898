"""Writes the page of a local execution beside its other files."""

import tempfile
from pathlib import Path

from execution_report.page import render
from execution_report.sections.monitoring import monitoring_line
from execution_report.sections.rejections import rejections_line
from execution_report.sections.scoring import predictions_line
from execution_report.sources import ReportError, read_folder

FILE_NAME = "report.html"


def write_report(folder: Path) -> Path:
    """Write the report of the local execution in *folder* there, and return its path.

    Raise `ReportError` when *folder* is not that of a local execution, or cannot be written to.
    """
    return save(render(read_folder(folder)), folder / FILE_NAME)


def describe_rejected_rows(folder: Path) -> str:
    """Return in one line how many rows the local execution in *folder* did not use, and why; empty where it used all.

    Raise `ReportError` when *folder* is not that of a local execution.
    """
    return rejections_line(read_folder(folder))


def describe_predictions(folder: Path) -> str:
    """Return in one line how many records the local execution in *folder* scored; empty where it is to score none.

    Raise `ReportError` when *folder* is not that of a local execution.
    """
    return predictions_line(read_folder(folder))


def describe_monitoring(folder: Path) -> str:
    """Return in one line the verdict of the local execution in *folder* on its records; empty where it has none.

    Raise `ReportError` when *folder* is not that of a local execution.
    """
    return monitoring_line(read_folder(folder))


def save(page: str, path: Path) -> Path:
    """Write *page* to *path*, and return that; readers see the old page or the new one."""
    try:
        with tempfile.TemporaryDirectory(prefix=".tmp-", dir=path.parent) as own:
            unfinished = Path(own) / "unfinished"
            # JSON can hold halves of characters; they cannot be written, and no page should fail for that.
            unfinished.write_text(page, encoding="utf-8", errors="replace")
            return unfinished.replace(path)
    except OSError as error:
        raise ReportError(f"{path} cannot be written ({error.strerror}): give a file in a folder of yours") from error
