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
from processing.features.feature_model import FILE_NAME as FEATURE_MODEL
from processing.features.feature_model import FeatureModel
from processing.job import JobError, add_arguments, read_instance, run
from processing.monitoring.captured import Span, read_requests
from processing.monitoring.drift import Sensitivity, choose_columns, find_drift, measure
from processing.monitoring.history import Entry, read_history, read_time
from processing.monitoring.labels import Quality, measure_quality, read_registered
from processing.monitoring.records import choose_seen
from processing.monitoring.report import CAPTURE, FILE_NAME, FILES, Judgement, Records, to_document
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
    judgement, history = examine(options)
    options.monitoring.mkdir(parents=True, exist_ok=True)
    document = json.dumps(to_document(judgement, history), indent=2, ensure_ascii=False, allow_nan=False)
    (options.monitoring / FILE_NAME).write_text(f"{document}\n", encoding="utf-8")
    (log.warning if judgement.verdict.told else log.info)("%s", judgement.message)


def examine(options: MonitorOptions) -> tuple[Judgement, list[Entry]]:
    """Return what is to be thought of the traffic, and what was thought of that before it."""
    end = _read_time("window_end", options) if options.window_end else None
    supply = Supply(options.retrain == "true", _read_time("newest_raw", options), _read_time("champion_data", options))
    champion = _read_champion(options.champion_feature_model)
    contract, baseline = read_contract(), _read_baseline(options)
    watched = choose_columns(contract, champion.without if champion else ())
    records, counts = _gather(options, contract, end)
    figures = measure(records, watched)
    sensitivity = Sensitivity(
        minimum_records=options.minimum_records, limit_share=options.limit_share, drifted_share=options.drifted_share
    )
    shortage = _find_shortage(options, counts, baseline)
    drift = None if shortage or not baseline else find_drift(figures, baseline, watched, sensitivity)
    quality = _measure_quality(options, records, contract, champion)
    history = read_history(options.history, FILE_NAME)
    verdict = judge(drift, quality, sensitivity)
    decision, consequence = decide(verdict, supply, end, history)
    found = list_findings(drift, quality, shortage) or [f"{counts.distinct:,} distinct records"]
    judgement = Judgement(
        source=CAPTURE if end else FILES,
        start=end - datetime.timedelta(hours=options.window_hours) if end else None,
        end=end,
        champion=options.champion,
        records=counts,
        figures=figures,
        baseline=baseline,
        statistics=drift.statistics if drift else (),
        quality=quality,
        verdict=verdict,
        decision=decision,
        newest_raw=supply.newest_raw,
        message=describe(verdict, found, consequence),
    )
    return judgement, history


def _read_time(name: str, options: MonitorOptions) -> datetime.datetime | None:
    text = getattr(options, name)
    return None if text == NONE else read_time(f"--{name.replace('_', '-')}", text)


def _read_champion(folder: Path) -> FeatureModel | None:
    """Return what the champion learnt; None where there is none, or none that can be read."""
    path = folder / FEATURE_MODEL
    try:
        return FeatureModel.from_json(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (JobError, UnicodeDecodeError) as error:
        log.warning("champion: %s", error)
        return None


def _gather(
    options: MonitorOptions, contract: Contract, end: datetime.datetime | None
) -> tuple[pa.RecordBatch, Records]:
    """Return the distinct records, and how many there were."""
    window, unreadable = Window(), Counter[str]()
    if end is None:
        window.add(read_files(options.traffic, contract))
    else:
        span = Span(end - datetime.timedelta(hours=options.window_hours), end)
        reader = RequestReader(contract, options.champion.rpartition("/")[2], unreadable)
        for requests in read_requests(options.traffic, span, unreadable):
            window.add(reader.read(requests))
    records = choose_seen(window.find_records())
    counts = Records(
        captured=window.captured,
        distinct=window.count_distinct(),
        judged=records.num_rows,
        rejected=window.rejected,
        unreadable=dict(sorted((+unreadable).items())),
    )
    return records, counts


def _find_shortage(options: MonitorOptions, counts: Records, baseline: Figures | None) -> str:
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
        registered = read_registered(options.champion_evaluation)
        return measure_quality(records, options.labels, contract, champion, registered, options.minimum_labels)
    except JobError as error:
        log.warning("labels cannot be read: %s", error)
        return None
