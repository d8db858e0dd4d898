"""Turns captured requests and raw files into watched records."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from processing.contract.data_contract import Contract
from processing.monitoring.answers import (
    ANSWERS,
    FIGURE,
    REJECTION,
    REQUEST,
    VERSION,
    Faults,
    decode,
    read_answers,
)
from processing.monitoring.captured import EVENT, INPUT, OUTPUT
from processing.monitoring.records import PREDICTION, build_answered, build_checked
from processing.records.columns import COLUMNS, IDENTIFIER, LABEL, Column
from processing.records.raw_data import RawBatch, list_files, stream
from processing.records.request_body import BadBodyError, Records, read_records
from processing.records.validation import Mask, check_columns, find_unusable

_SENT = tuple(column for column in COLUMNS if column.source != LABEL)
_ANONYMOUS = tuple(replace(column, required=column.required and column.source != IDENTIFIER) for column in _SENT)
"""A request may leave out whose record it is."""


class Traffic(NamedTuple):
    """Records that were predicted, or should have been."""

    records: pa.RecordBatch
    """In the form of `records.SCHEMA`; without those that are malformed."""
    captured: int
    rejected: int


def read_files(folder: Path, contract: Contract) -> Iterator[Traffic]:
    """Yield the records of raw files, which need no label; raise `JobError` where a file cannot be read."""
    for name, path in list_files(folder).items():
        for batch in stream(name, path, contract.format_without(LABEL)):
            yield _check(batch, contract, _SENT, pa.nulls(len(batch.rows), pa.float64()))


def _check(batch: RawBatch, contract: Contract, columns: tuple[Column, ...], predictions: pa.DoubleArray) -> Traffic:
    checked = check_columns(batch, contract.rules, columns)
    malformed = len(batch.malformed)
    rejected = malformed + int(np.count_nonzero(find_unusable(checked)))
    records = build_checked(checked, batch.columns[IDENTIFIER], predictions)
    return Traffic(records, len(batch.rows) + malformed, rejected)


@dataclass
class RequestReader:
    """Reads captured requests by the data contract, and what one version of the model predicted."""

    contract: Contract
    version: str
    """As answers call it."""
    unreadable: Counter[str]
    """Requests that no record is known of, by the reason."""

    def read(self, requests: pa.RecordBatch) -> Iterator[Traffic]:
        """Yield the records of *requests*, as `captured.read_requests` yields them.

        What a record was is known by the figures in its answer or, where answers have none, by the request itself.
        """
        faults: Faults = {}
        answers = read_answers(requests[OUTPUT], faults)
        told = _find_told(answers, requests.num_rows)
        yield self._read_answered(answers.filter(pa.array(told[answers[REQUEST].to_numpy()])), requests[EVENT])
        sent = dict(self._read_sent(requests[INPUT], ~told, faults))
        if sent:
            yield self._check_sent(sent, answers)
        silent = set(np.flatnonzero(~told).tolist()) - sent.keys()
        self.unreadable.update(faults.get(index, "no figures in the answer, and no request") for index in silent)

    def _read_answered(self, answers: pa.Table, events: pa.StringArray) -> Traffic:
        requests = answers[REQUEST].to_numpy()
        positions = pa.array(np.arange(len(requests)) - np.searchsorted(requests, requests))
        events = pc.fill_null(events, "").take(pa.array(requests))
        columns = {name: answers[name].combine_chunks() for name in ANSWERS.names}
        records = build_answered(
            columns[FIGURE],
            columns[REJECTION],
            self.contract.rules,
            ids=columns[IDENTIFIER],
            requests=pc.binary_join_element_wise(events, positions.cast(pa.string()), ":"),
            predictions=self._select_predictions(answers),
        )
        rejected = len(requests) - pc.struct_field(columns[REJECTION], "field").null_count
        return Traffic(records, len(requests), rejected)

    def _select_predictions(self, answers: pa.Table) -> pa.DoubleArray:
        """Return predictions, null where another version made them."""
        is_ours = pc.fill_null(pc.equal(answers[VERSION], self.version), False)
        return pc.if_else(is_ours, answers[PREDICTION], pa.scalar(None, pa.float64())).combine_chunks()

    def _read_sent(self, parts: pa.StructArray, chosen: Mask, faults: Faults) -> Iterator[tuple[int, Records]]:
        """Yield the records of the requests *chosen*, and note in *faults* which cannot be read."""
        for bodies in decode(parts, faults, chosen):
            for index, text in zip(bodies.indices.tolist(), bodies.texts, strict=True):
                try:
                    yield index, read_records(text, bodies.content_type, self.contract.format.absent)
                except BadBodyError:
                    faults[index] = "a request that is refused"

    def _check_sent(self, sent: dict[int, Records], answers: pa.Table) -> Traffic:
        requests, predictions = answers[REQUEST].to_numpy(), self._select_predictions(answers).to_numpy(False)
        found = []
        for index, records in sent.items():
            first, last = np.searchsorted(requests, [index, index + 1])
            count = len(records.employee_ids)
            answered = predictions[first:last] if last - first == count else np.full(count, np.nan)
            found.append(answered[records.batch.rows])
        columns = pa.concat_batches([records.batch.columns for records in sent.values()])
        malformed = [each for records in sent.values() for each in records.batch.malformed]
        batch = RawBatch("", columns, np.arange(columns.num_rows), malformed)
        return _check(batch, self.contract, _ANONYMOUS, pa.array(np.concatenate(found)))


def _find_told(answers: pa.Table, requests: int) -> Mask:
    """Return of which requests the answers say all: the figures of each record, or why it was rejected."""
    parents = answers[REQUEST].to_numpy()
    figures, errors = answers[FIGURE].combine_chunks(), answers[REJECTION].combine_chunks()
    is_told = pc.or_(pc.is_valid(figures), pc.is_valid(pc.struct_field(errors, "field")))
    records = np.bincount(parents, minlength=requests)
    told: Mask = (records > 0) & (np.bincount(parents[np.asarray(is_told)], minlength=requests) == records)
    return told
