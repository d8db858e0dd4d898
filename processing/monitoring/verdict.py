"""Says what is to be thought of a window of traffic, what follows from it, and tells it in one line."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from processing.contract.data_contract import FILE_NAME as CONTRACT
from processing.contract.rules import MAXIMUM_MESSAGE_BYTES
from processing.monitoring.drift import Drift, Sensitivity
from processing.monitoring.history import Entry
from processing.monitoring.labels import Quality


class Verdict(StrEnum):
    """What is to be thought of a window."""

    HOLDS = "holds"
    NOT_ENOUGH_DATA = "not enough data"
    DRIFTED = "drifted"
    SEVERE = "severe"
    """Drifted so far that training would refuse such data."""
    WORSE = "worse"
    """The model predicts worse than at its registration."""

    @property
    def told(self) -> bool:
        """Whether people are told."""
        return self not in (Verdict.HOLDS, Verdict.NOT_ENOUGH_DATA)


class Decision(StrEnum):
    """What follows."""

    NONE = "none"
    OFF = "off"
    RETRAIN = "retrain"
    NO_NEW_DATA = "no new data"
    PERSON = "person"


@dataclass(frozen=True)
class Supply:
    """What a retraining could be started with."""

    retrain: bool
    """Whether one may be started."""
    newest_raw: datetime.datetime | None
    champion_data: datetime.datetime | None
    """When the data was read that the champion was trained on."""


def judge(drift: Drift | None, quality: Quality | None, sensitivity: Sensitivity) -> Verdict:
    """Return what is to be thought of a window; *drift* is None of one that is too small to say."""
    if drift and any(each.severe for each in drift.statistics):
        return Verdict.SEVERE
    if quality and quality.worse:
        return Verdict.WORSE
    if drift is None:
        return Verdict.NOT_ENOUGH_DATA
    return Verdict.DRIFTED if drift.moved and drift.moved_share >= sensitivity.drifted_share else Verdict.HOLDS


def decide(
    verdict: Verdict, supply: Supply, end: datetime.datetime | None, history: Iterable[Entry]
) -> tuple[Decision, str]:
    """Return what follows from *verdict*, and what is said of that; nothing where nothing does.

    A window without an *end* is of files that were scored. A retraining needs data that no training has seen, and is
    started once a day at most: else the same drift would start the same training again and again.
    """
    if not verdict.told:
        return Decision.NONE, ""
    if end is None:
        decision = Decision.PERSON if verdict is Verdict.SEVERE else Decision.OFF
        return decision, "the predictions are there all the same: see whether they can be used"
    if verdict is Verdict.SEVERE:
        return Decision.PERSON, f"a person decides: training refuses such data; correct it, or the limits in {CONTRACT}"
    if not supply.retrain:
        return Decision.OFF, "no training starts by itself; train on newer data, or see what sends such records"
    started = [entry for entry in history if entry.decision == Decision.RETRAIN]
    if any(each.end.astimezone(datetime.UTC).date() == end.astimezone(datetime.UTC).date() for each in started):
        return Decision.NO_NEW_DATA, "no training starts: one was started today"
    if supply.newest_raw is None or supply.champion_data is None or supply.newest_raw <= supply.champion_data:
        return Decision.NO_NEW_DATA, "no training starts: no raw data is newer than the champion's"
    # By what was there then, not by the window's end: earlier windows may be judged later, one after another.
    if any(each.newest_raw and supply.newest_raw <= each.newest_raw for each in started):
        return Decision.NO_NEW_DATA, "no training starts: no raw data came since the last one that was started"
    return Decision.RETRAIN, "the training starts"


def describe(verdict: Verdict, findings: Sequence[str], consequence: str) -> str:
    """Return one line with as many of *findings* as there is room for."""
    lines = (_line(verdict, findings, shown, consequence) for shown in range(len(findings), -1, -1))
    return next(line for line in lines if len(line.encode()) <= MAXIMUM_MESSAGE_BYTES)


def _line(verdict: Verdict, findings: Sequence[str], shown: int, consequence: str) -> str:
    left_out = len(findings) - shown
    more = [f"{left_out} more: see monitoring.json"] if left_out else []
    # What starts a training is "; the training starts": the name of a department, which a finding may have, is not it.
    told = [finding.replace(";", ",") for finding in findings[:shown]]
    parts = [*told, *more, *([consequence] if consequence else [])]
    return f"{verdict}: {'; '.join(parts)}" if parts else str(verdict)


def list_findings(drift: Drift | None, quality: Quality | None, shortage: str) -> list[str]:
    """Return what was found, each in a line: a *shortage* of data, a larger error, and what has moved."""
    findings = [shortage] if shortage else []
    if quality and quality.worse and quality.rmse and quality.registered:
        findings.append(
            f"root mean squared error {quality.rmse.value:,.6g} ({quality.rmse.low:,.6g} to {quality.rmse.high:,.6g})"
            f" on {quality.joined:,} labels of employees that the champion was not trained on,"
            f" {quality.registered.value:,.6g} at registration"
        )
    return findings + [each.text for each in drift.moved] if drift else findings
