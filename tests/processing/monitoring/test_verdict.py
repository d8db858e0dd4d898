"""Every way from what was found to a verdict, a decision, and the one line that is told."""

import datetime
from typing import Any

import pytest

from processing.evaluation.worsening import Uncertain
from processing.monitoring.drift import Drift, Sensitivity
from processing.monitoring.history import Entry
from processing.monitoring.labels import Interval, Quality
from processing.monitoring.verdict import Decision, Supply, Verdict, decide, describe, judge, list_findings
from tests.processing.monitoring.test_drift import SENSITIVITY, drift, records

END = datetime.datetime(2026, 11, 27, 6, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)

HELD, MOVED, FAR = drift(records()), drift(records(age=43.0)), drift(records(age=49.0))
WORSE = Quality(300, 200, Interval(1_500.0, 1_400.0, 1_600.0), Uncertain(1_100.0, 30.0), worse=True)
NOT_WORSE = Quality(300, 20, None, None, worse=False)


@pytest.mark.parametrize(
    ("found", "quality", "verdict"),
    [
        (HELD, None, "holds"),
        (HELD, NOT_WORSE, "holds"),
        (HELD, WORSE, "worse"),
        (MOVED, None, "drifted"),
        (MOVED, WORSE, "worse"),
        (FAR, None, "severe"),
        (FAR, WORSE, "severe"),
        (None, None, "not enough data"),
        (None, NOT_WORSE, "not enough data"),
        (None, WORSE, "worse"),
    ],
)
def test_verdict_follows_from_drift_and_quality(found: Drift | None, quality: Quality | None, verdict: str) -> None:
    assert judge(found, quality, SENSITIVITY) == verdict


def test_fewer_moved_columns_than_asked_for_hold() -> None:
    assert judge(MOVED, None, Sensitivity(minimum_records=300, limit_share=0.5, drifted_share=0.3)) == Verdict.HOLDS
    assert judge(MOVED, None, Sensitivity(minimum_records=300, limit_share=0.5, drifted_share=0.2)) == Verdict.DRIFTED


def supply(newest_raw: Any = END - HOUR, champion_data: Any = END - 9 * DAY, *, retrain: bool = True) -> Supply:
    return Supply(retrain, newest_raw, champion_data)


def started(end: datetime.datetime, decision: str = "retrain", newest_raw: Any = None) -> list[Entry]:
    return [Entry(end, "drifted", decision, newest_raw or end - DAY, 400, {})]


NONE: list[Entry] = []
DECISIONS: list[tuple[str, str, Supply, list[Entry], str, str]] = [
    ("window that holds", "holds", supply(), NONE, "none", ""),
    ("too little data", "not enough data", supply(), NONE, "none", ""),
    ("new data", "drifted", supply(), NONE, "retrain", "the training starts"),
    ("new data, worse", "worse", supply(), NONE, "retrain", "the training starts"),
    ("severe", "severe", supply(), NONE, "person", "a person decides"),
    ("severe, off", "severe", supply(retrain=False), NONE, "person", "a person decides"),
    ("off", "drifted", supply(retrain=False), NONE, "off", "no training starts by itself"),
    ("off, worse", "worse", supply(retrain=False), NONE, "off", "no training starts by itself"),
    ("older data", "drifted", supply(END - 10 * DAY), NONE, "no new data", "newer than the champion's"),
    ("data of the champion", "drifted", supply(END - 9 * DAY), NONE, "no new data", "newer than the champion's"),
    ("no data", "worse", supply(None), NONE, "no new data", "newer than the champion's"),
    (
        "champion of unknown age",
        "drifted",
        supply(champion_data=None),
        NONE,
        "no new data",
        "newer than the champion's",
    ),
    ("started that day", "drifted", supply(), started(END - 5 * HOUR), "no new data", "one was started today"),
    ("started the day before", "drifted", supply(), started(END - 7 * HOUR), "retrain", "the training starts"),
    (
        "nothing since",
        "drifted",
        supply(),
        started(END - DAY) + started(END - DAY, "none"),
        "retrain",
        "the training starts",
    ),
    ("started since", "drifted", supply(END - 2 * DAY), started(END - DAY), "no new data", "since the last one"),
    (
        "started with the same data, for an earlier window that was judged as late",
        "drifted",
        supply(),
        started(END - 3 * DAY, newest_raw=END - HOUR),
        "no new data",
        "since the last one",
    ),
    ("not started that day", "drifted", supply(), started(END - HOUR, "no new data"), "retrain", "the training starts"),
]


@pytest.mark.parametrize(
    ("verdict", "given", "history", "decision", "said"),
    [row[1:] for row in DECISIONS],
    ids=[row[0] for row in DECISIONS],
)
def test_decision_follows_from_verdict_data_and_what_was_started(
    verdict: str, given: Supply, history: list[Entry], decision: str, said: str
) -> None:
    found, consequence = decide(Verdict(verdict), given, END, history)
    assert found == decision
    assert said in consequence
    assert bool(consequence) == Verdict(verdict).told
    # What starts the training is the end of this line, and nothing else may end so.
    assert consequence.endswith("the training starts") == (decision == Decision.RETRAIN)


@pytest.mark.parametrize(("verdict", "decision"), [("drifted", "off"), ("severe", "person"), ("holds", "none")])
def test_scored_files_start_no_training_and_their_predictions_stay(verdict: str, decision: str) -> None:
    found, consequence = decide(Verdict(verdict), supply(), None, NONE)
    assert found == decision
    assert consequence == "" or "the predictions are there all the same" in consequence


def test_message_names_findings_and_consequence_in_one_line() -> None:
    message = describe(Verdict.WORSE, list_findings(MOVED, WORSE, ""), "the training starts")
    assert message == (
        "worse: root mean squared error 1,500 (1,400 to 1,600) on 200 labels of employees that the champion was not"
        " trained on, 1,100 at registration;"
        " age: mean 43, 0.30 standard deviations from the baseline's 40, more than 0.25; the training starts"
    )


def test_no_finding_reads_like_the_start_of_a_training() -> None:
    message = describe(Verdict.SEVERE, ["department: most of all A; the training starts"], "a person decides")
    assert message == "severe: department: most of all A, the training starts; a person decides"


@pytest.mark.parametrize("count", [1, 9, 500])
@pytest.mark.parametrize("finding", ["age: mean 43, 0.3 standard deviations", "é" * 600])
def test_message_is_at_most_1000_bytes_and_ends_with_the_consequence(count: int, finding: str) -> None:
    message = describe(Verdict.DRIFTED, [finding] * count, "the training starts")
    assert len(message.encode()) <= 1_000
    assert message.endswith("; the training starts")
    assert message.count(finding) == count or "more: see monitoring.json" in message


def test_only_what_a_person_should_know_of_is_told() -> None:
    assert [each for each in Verdict if not each.told] == ["holds", "not enough data"]
