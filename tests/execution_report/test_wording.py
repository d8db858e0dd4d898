"""How numbers, times and names are written."""

from datetime import UTC, datetime

import pytest

from artefacts.documents import read_instant
from execution_report.arns import package_title
from execution_report.wording import (
    alike,
    anything,
    between,
    counted,
    date_and_time,
    duration,
    number,
    share,
    shortened,
    signed,
)

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (1_234_567, "1,234,567"),
        (1204.37, "1,204"),
        (939.41, "939.4"),
        (41.234, "41.23"),
        (0.84944, "0.849"),
        (0.0004, "0.0004"),
        (0.0, "0"),
        (-31.6, f"{MINUS}31.60"),
        (-4, f"{MINUS}4"),
        (None, DASH),
    ],
)
def test_number_has_the_digits_that_say_something(value: float | None, text: str) -> None:
    assert number(value) == text


def test_numbers_below_each_other_have_like_decimals() -> None:
    write = alike([1204.37, 59.1, -0.0004, None])
    assert [write(value) for value in (1204.37, 59.1, -0.0004, None)] == ["1,204", "59", "0", DASH]
    assert alike([])(None) == DASH


def test_sign_is_written_where_it_is_asked_for() -> None:
    assert [signed(value) for value in (1.5, 0, -1.5, None)] == ["+1.50", "0", f"{MINUS}1.50", DASH]
    assert [signed(value, alike([0.8])) for value in (8e-5, -8e-5)] == ["0.000", "0.000"]


def test_share_is_a_percentage() -> None:
    assert share(0.0381) == "3.8\N{NO-BREAK SPACE}%"
    assert share(-0.9) == f"{MINUS}90.0\N{NO-BREAK SPACE}%"
    assert share(0.00012) == "0.01\N{NO-BREAK SPACE}%"
    assert share(0.0) == "0.0\N{NO-BREAK SPACE}%"
    assert share(None) == DASH


def test_value_of_any_type_can_be_written() -> None:
    assert [anything(value) for value in (3, "2026-06-30", None, "", float("nan"))] == [
        "3",
        "2026-06-30",
        DASH,
        DASH,
        "nan",
    ]


def test_marks_of_a_scale_have_decimals_only_where_they_need_them() -> None:
    assert [shortened(value) for value in (35.0, 35.5, None)] == ["35", "35.50", DASH]


def test_interval_goes_from_its_low_end_to_its_high_one() -> None:
    assert between(-1.5, 2.0, signed) == f"{MINUS}1.50 to +2.00"
    assert between(None, 2.0) == DASH


def test_nouns_are_pluralized_by_their_number() -> None:
    assert [counted(count, "row") for count in (1, 2_000, None)] == ["1 row", "2,000 rows", f"{DASH} rows"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (0.04, "0 s"),
        (0.43, "0.4 s"),
        (59.7, "1 min"),
        (171.2, "2 min 51 s"),
        (3_600, "1 h"),
        (3_661, "1 h 1 min"),
        (90_000, "1 d 1 h"),
        (None, DASH),
    ],
)
def test_duration_has_two_units(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_time_is_in_utc() -> None:
    assert date_and_time(read_instant("2026-11-24T16:05:59+02:00")) == "24 November 2026, 14:05 UTC"
    assert read_instant("2026-11-24T16:05:59") == datetime(2026, 11, 24, 16, 5, 59, tzinfo=UTC)
    assert date_and_time(read_instant("yesterday")) == DASH
    assert date_and_time(read_instant("0001-01-01T00:00:00+14:00")) == DASH, "in UTC, that is before the first year"


def test_package_is_called_by_its_version_and_group() -> None:
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/group/3"
    assert package_title(arn) == "version 3 of group"
    assert package_title("none") == "none"
