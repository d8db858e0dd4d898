"""Monitoring: records that were predicted and the champion's data quality in; what is to be thought of them out.

The records are those that an endpoint captured in a window of time, with what it answered, or those of raw files that
were scored. Whatever is found, the job succeeds and writes it down: what follows is decided by who reads it.
"""

import argparse
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from processing.contract.data_contract import read_contract
from processing.job import add_arguments, read_instance, run
from processing.monitoring.verdict import Supply

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
    span = _find_span(options)
    supply = Supply(
        options.retrain == "true",
        *map(_read_supply, ("newest-raw", "champion-data"), (options.newest_raw, options.champion_data)),
    )
    contract, champion = read_contract(), _read_champion(options)
