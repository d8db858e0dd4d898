"""The data quality report: the figures of one data set, which later data is compared with."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processing.job import JobError

log = logging.getLogger(__name__)

SCHEMA_VERSION = 2
"""Version 1 differs in one name: see `_upgraded`."""

FILE_NAME = "data_quality.json"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was measured of one data set."""

    data_version: str
    rows: int
    """Records with the right number of columns."""
    malformed: int
    """Records with another number."""
    columns: Mapping[str, Mapping[str, Any]]
    """By name, what `ColumnStatistics` found."""


def to_json(figures: Figures, baseline: Figures | None, violations: list[dict[str, Any]]) -> str:
    """Return the report as JSON text; of *baseline* it says only which data it is."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "data_version": figures.data_version,
        "rows": figures.rows,
        "malformed_records": figures.malformed,
        "baseline": {"data_version": baseline.data_version, "rows": baseline.rows} if baseline else None,
        "columns": figures.columns,
        "violations": violations,
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_baseline(folder: Path) -> Figures | None:
    """Return the figures of the report in *folder*, or None where there is nothing to compare with.

    A report of another schema is nothing to compare with, and no error: else no run could replace the model it is of.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        log.info("no baseline: no model is in production yet, so nothing is compared")
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _no_report() from error
    match _upgraded(document):
        case {"schema_version": int(version)} if version not in (1, SCHEMA_VERSION):
            log.warning(
                "no baseline: its schema version is %s, not %s, so nothing is compared", version, SCHEMA_VERSION
            )
            return None
        case {
            "schema_version": int(),
            "data_version": str(data_version),
            "rows": int(rows),
            "malformed_records": int(malformed),
            "columns": dict(columns),
        } if rows > 0:
            log.info("baseline: %s rows of data version %s", rows, data_version)
            return Figures(data_version=data_version, rows=rows, malformed=malformed, columns=columns)
        case _:
            raise _no_report()


def _upgraded(document: Any) -> Any:
    """Return *document* as this version has it: models in production come with reports of version 1."""
    match document:
        case {"schema_version": 1, "misshapen": records}:
            return {**document, "schema_version": SCHEMA_VERSION, "malformed_records": records}
    return document


def _no_report() -> JobError:
    return JobError(f"the baseline's {FILE_NAME} is no data quality report: restore that of the model in production")
