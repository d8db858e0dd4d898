"""The requests that are sent: made-up employees, faults included, but for their names and bonuses."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from data.mock_data import COLUMNS, employees

FIELDS = [name for name in COLUMNS if name not in ("name", "bonus")]
SEED = 2


@dataclass(frozen=True)
class Load:
    """Requests of one kind."""

    name: str
    content_type: str
    records: int
    """Of each request."""
    bodies: list[str]


def make_loads() -> list[Load]:
    """Return what is sent: single records as a program has them, and files."""
    single = [json.dumps(_to_json(record)) for record in _make_records(500)]
    return [
        Load("single record, JSON", "application/json", 1, single),
        Load("10,000 records, CSV", "text/csv", 10_000, [_to_csv(_make_records(10_000))]),
    ]


def _make_records(count: int) -> list[dict[str, str]]:
    """Return *count* records; rows with a field too few are none that a program would send."""
    rows = (row for row in employees(count * 2, SEED) if len(row) == len(COLUMNS))
    records = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    return [{name: record[name] for name in FIELDS} for _, record in zip(range(count), records, strict=False)]


def _to_json(record: dict[str, str]) -> dict[str, Any]:
    """Return *record* with numbers, an object and nulls, where its texts are such."""
    typed: dict[str, Any] = {name: value or None for name, value in record.items()}
    for name in ("age", "salary", "profile"):
        try:
            typed[name] = json.loads(record[name]) if record[name] else None
        except ValueError:  # a fault stays as it is
            typed[name] = record[name]
    return typed


def _to_csv(records: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS)
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()
