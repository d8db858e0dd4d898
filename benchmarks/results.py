"""Keeps what was measured, beside what it was measured on, in bench/results.json."""

import json
import os
import platform
import statistics
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PATH = Path("bench") / "results.json"


def read_results() -> dict[str, Any]:
    """Return what the last run of each benchmark found, by its name."""
    document: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8")) if PATH.is_file() else {}
    return document


def save(benchmark: str, figures: object) -> None:
    """Write *figures* in the place of what the last run of *benchmark* found."""
    document = read_results()
    machine = {
        "cores": os.cpu_count(),
        "load_average": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
    document[benchmark] = {"ended": datetime.now(UTC).isoformat(timespec="seconds"), **machine, "figures": figures}
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(f"{json.dumps(document, indent=2)}\n", encoding="utf-8")


def format_range(values: Iterable[float], digits: int = 0) -> str:
    """Return the median of *values*, with the least and the greatest, for a table."""
    found = sorted(values)
    median, least, greatest = (f"{value:,.{digits}f}" for value in (statistics.median(found), found[0], found[-1]))
    return f"{median} ({least} to {greatest})"
