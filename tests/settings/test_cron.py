"""Expressions of EventBridge rules are read as the user guide says."""

from datetime import timedelta

import pytest

from settings.checks.cron import ExpressionError, count_starts_a_month, find_longest_gap


@pytest.mark.parametrize(
    ("expression", "hours"),
    [
        ("rate(1 day)", 24),
        ("rate(2 days)", 48),
        ("rate(1 minute)", 1 / 60),
        ("rate(90 minutes)", 1.5),
        ("cron(0 4 ? * MON,THU *)", 96),
        ("cron(0 4 ? * mon-fri *)", 72),
        ("cron(0 4 ? * 2 *)", 168),
        ("cron(0 4 ? * 1,7 *)", 144),
        ("cron(0 4 ? * L *)", 168),
        ("cron(0 4 * * ? *)", 24),
        ("cron(* * * * ? *)", 1 / 60),
        ("cron(0/15 * * * ? *)", 0.25),
        ("cron(0 8-18/2 * * ? *)", 14),
        ("cron(0 8,20 ? * MON *)", 156),
        ("cron(0 4 1 * ? *)", 744),
        ("cron(0 4 L * ? *)", 744),
        ("cron(0 4 31 * ? *)", 24 * 61),
        ("cron(0 4 1/10 * ? *)", 240),
        ("cron(0 4 3W * ? *)", 24 * 32),
        ("cron(0 4 ? * 6L *)", 24 * 35),
        ("cron(0 4 ? * 3#2 *)", 24 * 35),
        ("cron(0 4 ? * TUE#5 *)", 24 * 119),
        ("cron(0 4 1 JAN,JUL ? *)", 24 * 184),
        ("cron(0 4 29 2 ? *)", 24 * 1_461),
        ("cron(0 4 1 1 ? 2030,2032)", 24 * 730),
    ],
)
def test_longest_gap_between_two_starts_is_found(expression: str, hours: float) -> None:
    assert find_longest_gap(expression) == timedelta(hours=hours)


def test_expression_that_starts_once_has_no_gap() -> None:
    assert find_longest_gap("cron(0 4 1 1 ? 2030)") is None


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("", "write cron(minutes hours day-of-month month day-of-week year) or rate(value unit)"),
        ("0 5 * * MON", "write cron(minutes hours day-of-month month day-of-week year) or rate(value unit)"),
        ("at(2026-11-20T13:00:00)", "at(...) is for EventBridge Scheduler: write cron(...) or rate(...)"),
        ("rate(1 days)", "write rate(1 day)"),
        ("rate(5 minute)", "write rate(5 minutes)"),
        ("rate(0 days)", "write rate(value unit): a whole number of at least 1, and minutes, hours or days"),
        ("rate(9999999 days)", "write rate(value unit): a whole number of at least 1, and minutes, hours or days"),
        ("rate(1 week)", "write rate(value unit): a whole number of at least 1, and minutes, hours or days"),
        ("rate(1.5 hours)", "write rate(value unit): a whole number of at least 1, and minutes, hours or days"),
        ("cron(0 5 ? * MON)", "5 fields: give six, minutes hours day-of-month month day-of-week year"),
        ("cron(0 5 * * MON *)", "day-of-month '*' and day-of-week 'MON': write ? in just one of the two"),
        ("cron(0 5 ? * ? *)", "day-of-month '?' and day-of-week '?': write ? in just one of the two"),
        ("cron(60 5 * * ? *)", "minutes '60': give 0 to 59"),
        ("cron(0 24 * * ? *)", "hours '24': give 0 to 23"),
        ("cron(0 5 0 * ? *)", "day-of-month '0': give 1 to 31"),
        ("cron(0 5 32W * ? *)", "day-of-month '32': give 1 to 31"),
        ("cron(0 5 1 13 ? *)", "month '13': give 1 to 12, or JAN to DEC"),
        ("cron(0 5 ? * 0 *)", "day-of-week '0': give 1 to 7, or SUN to SAT"),
        ("cron(0 5 ? * 8 *)", "day-of-week '8': give 1 to 7, or SUN to SAT"),
        ("cron(0 5 ? * MONDAY *)", "day-of-week 'MONDAY': give 1 to 7, or SUN to SAT"),
        ("cron(0 5 ? * FRI-MON *)", "day-of-week 'FRI-MON': write it as two ranges, the lower value first"),
        ("cron(0 5 ? * 2/2 *)", "day-of-week '2/2': it takes no increments; list the values, with commas"),
        ("cron(0 5 ? * 2#6 *)", "day-of-week '2#6': a month has the 1st to the 5th of a weekday; give one"),
        ("cron(0 5 ? * 3#1,6#3 *)", "day-of-week '3#1': give 1 to 7, or SUN to SAT"),
        ("cron(0/0 5 * * ? *)", "minutes '0/0': give a whole number of at least 1 after the /"),
        ("cron(0, 5 * * ? *)", "minutes '': give 0 to 59"),
        ("cron(0 5 30 2 ? *)", "no date is such a day: give one that comes"),
        ("cron(0 5 1 1 ? 1969)", "year '1969': give 1970 to 2199"),
        ("cron(0 5 1 1 ? 2020)", "year '2020' is over: give * or one that comes"),
    ],
)
def test_expression_that_eventbridge_refuses_is_refused(expression: str, told: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        find_longest_gap(expression)
    assert str(refusal.value) == told


@pytest.mark.parametrize(
    ("expression", "starts"),
    [
        ("rate(1 day)", 30.44),
        ("rate(12 hours)", 60.88),
        ("cron(0 4 ? * MON,THU *)", 8.70),
        ("cron(0 4,16 1 * ? *)", 2.0),
        ("cron(0 4 L 1 ? *)", 1 / 12),
    ],
)
def test_starts_of_an_average_month_are_counted(expression: str, starts: float) -> None:
    assert count_starts_a_month(expression) == pytest.approx(starts, abs=0.01)
