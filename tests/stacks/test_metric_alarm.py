"""The alarms of these tests take the states that CloudWatch's user guide and a record of a real alarm say."""

from typing import Any

import pytest

from tests.stacks.metric_alarm import Reading, Series, UnknownRuleError, state_of

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
KEPT = "the state before"


def alarm(**changes: Any) -> dict[str, Any]:
    """Return an alarm of the guide's examples: a datapoint of 1 breaches, one of 0 does not."""
    plain = {"MetricName": "m", "ComparisonOperator": "GreaterThanOrEqualToThreshold", "Threshold": 1}
    return {**plain, "EvaluationPeriods": 3, "TreatMissingData": "missing", **changes}


def points(text: str) -> Series:
    """Read datapoints as the guide writes them, the newest on the right."""
    return [{"0": 0.0, "X": 1.0, "-": None}[each] for each in text.split()]


def on_expression(expression: str) -> dict[str, Any]:
    metrics = [
        {"Id": id_, "MetricStat": {"Metric": {"MetricName": name}}, "ReturnData": False}
        for id_, name in (("m1", "One"), ("m2", "Other"))
    ]
    return alarm(Metrics=[{"Id": "e1", "Expression": expression}, *metrics])


@pytest.mark.parametrize(
    ("needed", "data", "states"),
    [
        (3, "0 - X - X", ("OK", "OK", "OK", "OK")),
        (3, "0 - - - -", ("OK", "OK", "OK", "OK")),
        (3, "- - - - -", ("INSUFFICIENT_DATA", KEPT, "ALARM", "OK")),
        (3, "0 X X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (3, "- - X - -", ("ALARM", KEPT, "ALARM", "OK")),
        (2, "0 - X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "0 0 X 0 X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "0 - X - -", ("OK", "OK", "ALARM", "OK")),
        (2, "- - - - 0", ("OK", "OK", "ALARM", "OK")),
        (2, "- - - X -", ("ALARM", KEPT, "ALARM", "OK")),
    ],
)
def test_states_are_those_of_the_guides_two_tables(needed: int, data: str, states: tuple[str, ...]) -> None:
    for treatment, state in zip(TREATMENTS, states, strict=True):
        found = state_of(
            alarm(DatapointsToAlarm=needed, TreatMissingData=treatment), {"m": points(data)}, before="INSUFFICIENT_DATA"
        )
        assert found == (state if state != KEPT else "INSUFFICIENT_DATA"), treatment


@pytest.mark.parametrize("data", ["- - - - X", "- - - X -"])
def test_datapoint_that_is_younger_than_those_needed_raises_no_alarm_yet(data: str) -> None:
    assert state_of(alarm(), {"m": points(data)}) == "OK"


def test_alarm_on_an_expression_lacks_what_the_expression_lacks() -> None:
    none, one = points("- - - - -"), points("- - - - X")
    assert state_of(on_expression("m1 + m2"), {"One": none, "Other": none}) == "INSUFFICIENT_DATA"
    assert state_of(on_expression("m1 + m2"), {"One": one, "Other": none}) == "OK"
    assert state_of(on_expression("m1 + m2"), {"One": points("X X X X X"), "Other": none}) == "ALARM"
    for fills, state in ((True, "OK"), (False, "INSUFFICIENT_DATA")):
        reading = Reading(fills_the_unknown=fills)
        assert state_of(on_expression("FILL(m1, 0)"), {"One": none, "Other": none}, reading=reading) == state


def test_sparse_metric_is_looked_back_on_further_than_the_alarms_periods_and_a_filled_one_is_not() -> None:
    # emanuelGitCodes/aws-mlops-platform-public, wiki/log.md, 2026-08-08 to 2026-08-16: an alarm on 24 hours without a
    # call was OK 25 hours after the last call, and with FILL in ALARM.
    absence = {"ComparisonOperator": "LessThanThreshold", "EvaluationPeriods": 24, "TreatMissingData": "breaching"}
    silent: dict[str, Series] = {"One": [*([None] * 9), 1.0, *([None] * 25)], "Other": [None] * 35}
    plain = {**alarm(**absence), "MetricName": "One"}
    assert state_of(plain, silent) == "OK"
    assert state_of({**on_expression("FILL(m1, 0)"), **absence}, silent) == "ALARM"


@pytest.mark.parametrize("expression", ["SUM(m1)", "m1 - m2", "FILL(m1, REPEAT)", "m3"])
def test_unused_metric_math_is_refused(expression: str) -> None:
    with pytest.raises(UnknownRuleError):
        state_of(on_expression(expression), {"One": [0.0], "Other": [0.0]})
