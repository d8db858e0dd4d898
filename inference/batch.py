"""Scores raw files with a serving artefact, as the scoring job starts it; python -m inference.batch --help.

This module is packed with each model, and a later job runs it: what it takes and writes stays as it is.
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from inference.artefact import Artefact, read_artefact
from inference.scoring import Scores, score
from processing.features.features import feature_sources
from processing.job import JobError, add_arguments, run
from processing.records.columns import IDENTIFIER
from processing.records.raw_data import list_files, stream
from processing.records.rejections import FILE_NAME, RejectionLog

log = logging.getLogger(__name__)

PREDICTIONS = "predictions.csv"
SUMMARY = "scoring.json"
SCHEMA_VERSION = 1

VERSION = "model_version"
PREDICTION = "prediction"
BASELINE = "baseline"
CONTRIBUTION = "contribution_"
"""Begins the names of columns with what a raw column adds to a prediction."""


@dataclass(frozen=True)
class BatchOptions:
    """What is read and written."""

    model: Path
    """A folder in which an artefact was unpacked."""
    raw: Path
    predictions: Path
    rejected: Path
    message: Path
    version: str
    """ARN of the model's version."""
    contributions: str
    """Whether to write what each column adds to each prediction: "true" or "false"."""


def main(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Score what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m inference.batch")
    add_arguments(parser, BatchOptions)
    options = BatchOptions(**vars(parser.parse_args(argv)))
    return run(partial(score_files, options, environment.get("DATA_VERSION", "")), message=options.message)


def score_files(options: BatchOptions, data_version: str) -> None:
    """Write predictions, rejections and a summary; raise `JobError` where not one record can be scored."""
    artefact = read_artefact(options.model)
    for folder in (options.predictions, options.rejected):
        folder.mkdir(parents=True, exist_ok=True)
    writer = _Predictions(artefact, options.version.rpartition("/")[2], contributions=options.contributions == "true")
    scored = 0
    with (
        RejectionLog(options.rejected) as rejected,
        pacsv.CSVWriter(options.predictions / PREDICTIONS, writer.schema) as file,
    ):
        for scores in _score(options.raw, artefact, contributions=writer.contributions):
            rejected.add(scores.rejections)
            file.write_batch(writer.to_batch(scores))
            scored += len(scores.rows)
        rows = scored + rejected.total
        rejected.summarize(rows)
    if not scored:
        most = f"most often {rejected.describe_most_frequent()}" if rows else "all are blank"
        raise JobError(f"none of {rows:,} records can be scored; {most}: correct the rows that {FILE_NAME} lists")
    log.info("scored %s of %s records with %s", f"{scored:,}", f"{rows:,}", options.version)
    summary = {
        "schema_version": SCHEMA_VERSION,
        "model_package": options.version,
        "artefact": artefact.digest,
        "data_version": data_version,
        "rows": rows,
        "scored": scored,
        "rejected": rejected.total,
        "reasons": rejected.count_reasons(),
    }
    _write(options.predictions / SUMMARY, summary)


def _score(folder: Path, artefact: Artefact, *, contributions: bool) -> Iterator[Scores]:
    for name, path in list_files(folder).items():
        for batch in stream(name, path, artefact.file_format):
            yield score(batch, artefact, contributions=contributions)


class _Predictions:
    """The table of predictions."""

    def __init__(self, artefact: Artefact, version: str, *, contributions: bool) -> None:
        self.contributions = contributions
        self._version = version
        self._baseline = artefact.baseline
        self._sources = tuple(dict.fromkeys(feature_sources(artefact.features))) if contributions else ()
        text, number = pa.string(), pa.float64()
        self.schema = pa.schema(
            [
                *((IDENTIFIER, text), (PREDICTION, number), (VERSION, text)),
                *([(BASELINE, number)] if contributions else []),
                *((f"{CONTRIBUTION}{source}", number) for source in self._sources),
            ]
        )

    def to_batch(self, scores: Scores) -> pa.RecordBatch:
        """Return *scores* as rows of the table."""
        rows = len(scores.rows)
        columns = [scores.employee_ids, pa.array(scores.predictions), pa.repeat(self._version, rows)]
        if self.contributions:
            columns.append(pa.repeat(self._baseline, rows))
        columns += [pa.array(scores.contributions[source]) for source in self._sources]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(f"{json.dumps(document, indent=2, ensure_ascii=False)}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
