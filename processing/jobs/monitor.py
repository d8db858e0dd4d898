"""Monitoring: records that were predicted and the champion's data quality in; what is to be thought of them out.

The records are those that an endpoint captured in a window of time, with what it answered, or those of raw files that
were scored. Whatever is found, the job succeeds and writes it down: what follows is decided by who reads it.
"""

import argparse
import datetime
import json
import logging
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa

from processing.contract.data_contract import Contract, read_contract
from processing.contract.report import Figures, read_baseline
from processing.evaluation.worsening import read_registered_rmse
from processing.features.feature_model import FILE_NAME as FEATURE_MODEL
from processing.features.feature_model import FeatureModel
from processing.job import JobError, add_arguments, read_instance, run
from processing.monitoring.captured import Span, read_requests
from processing.monitoring.drift import Sensitivity, choose_columns, find_drift, measure
from processing.monitoring.history import FILE_NAME, Entry, parse_time, read_history
from processing.monitoring.labels import Quality, measure_quality
from processing.monitoring.records import choose_seen
from processing.monitoring.report import Counts, Judgement, to_document
from processing.monitoring.traffic import RequestReader, read_files
from processing.monitoring.verdict import Supply, decide, describe, judge, list_findings
from processing.monitoring.window import Window
from processing.records.raw_data import has_raw_files

log = logging.getLogger(__name__)

NONE = "none"
"""For a champion, or a time, that there is not."""

NO_FOLDER = Path(os.devnull)
"""Has no file in it."""


@dataclass(frozen=True)
class MonitorOptions:
    """The job's folders and files, and what it is told; what scored files have nothing of is left out for them."""

    traffic: Path
    """Files that an endpoint captured or, without a window, raw files."""
    baseline: Path
    """Has the data quality report that the champion was registered with."""
    monitoring: Path
    resource_config: Path
    message: Path
    champion: str
    """ARN of its version, or "none"."""
    minimum_records: int
    """Of which a window with fewer distinct ones says nothing."""
    limit_share: float
    drifted_share: float
    history: Path = NO_FOLDER
    """Has a document of each earlier window."""
    labels: Path = NO_FOLDER
    """Raw files, as training takes them."""
    champion_feature_model: Path = NO_FOLDER
    champion_evaluation: Path = NO_FOLDER
    window_end: str = ""
    window_hours: int = 24
    minimum_labels: int = 100
    retrain: str = "false"
    """Whether a training may be started: "true" or "false"."""
    newest_raw: str = NONE
    """When the newest raw file was written."""
    champion_data: str = NONE
    """When the data was read that the champion was trained on."""

    @property
    def sensitivity(self) -> Sensitivity:
        """How soon traffic counts as moved."""
        return Sensitivity(
            minimum_records=self.minimum_records, limit_share=self.limit_share, drifted_share=self.drifted_share
        )


def main(argv: Sequence[str], _environment: Mapping[str, str]) -> int:
    """Run the job that the command line describes."""
    parser = argparse.ArgumentParser(prog="monitor")
    add_arguments(parser, MonitorOptions)
    options = MonitorOptions(**vars(parser.parse_args(argv)))
    return run(partial(monitor, options), message=options.message)


def monitor(options: MonitorOptions) -> None:
    """Do the whole job; raise `JobError` where it is told what cannot be."""
    if not read_instance(options.resource_config).leads:
        return
    history = read_history(options.history)
    judgement = examine(options, history)
    options.monitoring.mkdir(parents=True, exist_ok=True)
    document = json.dumps(to_document(judgement, history), indent=2, ensure_ascii=False, allow_nan=False)
    (options.monitoring / FILE_NAME).write_text(f"{document}\n", encoding="utf-8")
    (log.warning if judgement.verdict.told else log.info)("%s", judgement.message)


def examine(options: MonitorOptions, history: Sequence[Entry]) -> Judgement:
    """Return what is to be thought of the traffic, after what was thought of that before it."""
    span, supply = _read_span(options), _read_supply(options)
    champion = _read_champion(options.champion_feature_model)
    contract, baseline = read_contract(), _read_baseline(options)
    watched = choose_columns(contract, champion.without if champion else ())
    records, counts = _gather(options, contract, span)
    figures = measure(records, watched)
    shortage = _find_shortage(options, counts, baseline)
    drift = None if shortage or not baseline else find_drift(figures, baseline, watched, options.sensitivity)
    quality = _measure_quality(options, records, contract, champion)
    verdict = judge(drift, quality, options.sensitivity)
    decision, consequence = decide(verdict, supply, span.end if span else None, history)
    findings = list_findings(drift, quality, shortage) or [f"{counts.distinct:,} distinct records"]
    return Judgement(
        span=span,
        champion=options.champion,
        records=counts,
        figures=figures,
        baseline=baseline,
        drift=drift,
        quality=quality,
        verdict=verdict,
        decision=decision,
        newest_raw=supply.newest_raw,
        message=describe(verdict, findings, consequence),
    )


def _read_span(options: MonitorOptions) -> Span | None:
    """Return the window; None for files that were scored."""
    if not options.window_end:
        return None
    end = _read_time("--window-end", options.window_end)
    return Span(end - datetime.timedelta(hours=options.window_hours), end)


def _read_supply(options: MonitorOptions) -> Supply:
    newest_raw, champion_data = (
        None if text == NONE else _read_time(option, text)
        for option, text in (("--newest-raw", options.newest_raw), ("--champion-data", options.champion_data))
    )
    return Supply(options.retrain == "true", newest_raw, champion_data)


def _read_time(option: str, text: str) -> datetime.datetime:
    try:
        return parse_time(text)
    except ValueError as error:
        raise JobError(f"{option} is {text[:40]!r}: give a time with its zone, like 2026-11-27T06:00:00Z") from error


def _read_champion(folder: Path) -> FeatureModel | None:
    """Return what the champion learnt; None where there is none, or none that can be read."""
    path = folder / FEATURE_MODEL
    try:
        return FeatureModel.from_json(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (JobError, UnicodeDecodeError) as error:
        log.warning("champion: %s", error)
        return None


def _gather(options: MonitorOptions, contract: Contract, span: Span | None) -> tuple[pa.RecordBatch, Counts]:
    """Return the distinct records, and how many there were."""
    window, unreadable = Window(), Counter[str]()
    if span is None:
        window.add(read_files(options.traffic, contract))
    else:
        reader = RequestReader(contract, options.champion.rpartition("/")[2], unreadable)
        for requests in read_requests(options.traffic, span, unreadable):
            window.add(reader.read(requests))
    records = choose_seen(window.find_records())
    counts = Counts(
        captured=window.captured,
        distinct=window.count_distinct(),
        judged=records.num_rows,
        rejected=window.rejected,
        unreadable=dict(sorted((+unreadable).items())),
    )
    return records, counts


def _find_shortage(options: MonitorOptions, counts: Counts, baseline: Figures | None) -> str:
    """Return why nothing can be said of drift; nothing where it can."""
    if options.champion == NONE:
        return "no version of the model is approved"
    if baseline is None:
        return "the champion comes without a data quality report to compare with"
    if counts.judged < options.minimum_records:
        few = f"{counts.judged:,} distinct records of {counts.captured:,}, fewer than {options.minimum_records:,}"
        broken = sum(counts.unreadable.values())
        return f"{few}; {broken:,} lines or requests cannot be read" if broken else few
    return ""


def _read_baseline(options: MonitorOptions) -> Figures | None:
    return None if options.champion == NONE else read_baseline(options.baseline)


def _measure_quality(
    options: MonitorOptions, records: pa.RecordBatch, contract: Contract, champion: FeatureModel | None
) -> Quality | None:
    """Return how wrong the champion was; None where there are no labels, or no champion.

    Labels that cannot be read are for the training to refuse: what is known of the traffic counts without them.
    """
    if champion is None or not has_raw_files(options.labels):
        return None
    try:
        registered = read_registered_rmse(options.champion_evaluation)
        return measure_quality(records, options.labels, contract, champion, registered, options.minimum_labels)
    except JobError as error:
        log.warning("labels cannot be read: %s", error)
        return None
