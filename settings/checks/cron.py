"""Expressions of EventBridge rules, `rate(...)` and `cron(...)`: what they may say, and when they start.

Source of all rules: "Cron expressions reference" and "Rate expressions reference" in the EventBridge user guide.
"""

import calendar
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from settings.errors import SettingsError

_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# After 28 years dates fall on the same weekdays again, as long as no century leaves out its leap day; the last of these
# starts is followed by one more, so that the gap across the seam is seen.
_CYCLE = range(2025, 2025 + 29)

_MONTH_LENGTH = timedelta(days=365.25 / 12)

Days = Callable[[date], bool]


class ExpressionError(SettingsError):
    """An expression that EventBridge refuses: what is wrong, then the remedy."""


@dataclass(frozen=True)
class _Field:
    name: str
    first: int
    last: int
    names: Sequence[str] = ()
    """Of the values from the first on."""
    increments: bool = True
    """Whether `/` may be used."""

    def read(self, text: str) -> set[int]:
        """Return the values that a list of values, ranges and increments stands for."""
        return {value for part in text.split(",") for value in self._read_part(part)}

    def value(self, text: str) -> int:
        """Return one value, a number or a name."""
        if text.upper() in self.names:
            return self.names.index(text.upper()) + self.first
        if not re.fullmatch("[0-9]{1,4}", text) or not self.first <= int(text) <= self.last:
            raise ExpressionError(f"{self.name} {text!r}: give {self._allowed}")
        return int(text)

    def _read_part(self, part: str) -> range:
        start, slash, step = part.partition("/")
        if slash and not self.increments:
            raise ExpressionError(f"{self.name} {part!r}: it takes no increments; list the values, with commas")
        if slash and not re.fullmatch("[1-9][0-9]*", step):
            raise ExpressionError(f"{self.name} {part!r}: give a whole number of at least 1 after the /")
        if start == "*":
            low, high = self.first, self.last
        else:
            low_text, dash, high_text = start.partition("-")
            low = self.value(low_text)
            high = self.value(high_text) if dash else (self.last if slash else low)
        if low > high:
            raise ExpressionError(f"{self.name} {part!r}: write it as two ranges, the lower value first")
        return range(low, high + 1, int(step or 1))

    @property
    def _allowed(self) -> str:
        numbers = f"{self.first} to {self.last}"
        return f"{numbers}, or {self.names[0]} to {self.names[-1]}" if self.names else numbers


_MINUTES = _Field("minutes", 0, 59)
_HOURS = _Field("hours", 0, 23)
_DAY = _Field("day-of-month", 1, 31)
_MONTH = _Field("month", 1, 12, _MONTHS)
_WEEKDAY = _Field("day-of-week", 1, 7, _WEEKDAYS, increments=False)
_YEAR = _Field("year", 1970, 2199)


@functools.cache
def find_longest_gap(expression: str) -> timedelta | None:
    """Return the longest time between two starts, or None when there is only one; raise `ExpressionError`.

    >>> find_longest_gap("cron(0 4 ? * MON,THU *)")
    datetime.timedelta(days=4)
    """
    kind = re.fullmatch(r"(rate|cron)\((.*)\)", expression)
    if expression.startswith("at("):
        raise ExpressionError("at(...) is for EventBridge Scheduler: write cron(...) or rate(...)")
    if not kind:
        raise ExpressionError("write cron(minutes hours day-of-month month day-of-week year) or rate(value unit)")
    return _read_rate(kind[2]) if kind[1] == "rate" else _read_cron(kind[2].split())


def _read_rate(text: str) -> timedelta:
    found = re.fullmatch("([0-9]{1,6}) ([a-z]+)", text)
    unit = found[2].removesuffix("s") if found else ""
    if not found or unit not in _UNITS or int(found[1]) == 0:
        raise ExpressionError("write rate(value unit): a whole number of at least 1, and minutes, hours or days")
    count = int(found[1])
    right = unit if count == 1 else f"{unit}s"
    if found[2] != right:
        raise ExpressionError(f"write rate({count} {right})")
    return count * _UNITS[unit]


@functools.cache
def count_starts_a_month(expression: str) -> float:
    """Return how often *expression* starts something in an average month; raise `ExpressionError`.

    >>> round(count_starts_a_month("cron(0 4 ? * MON,THU *)"), 1)
    8.7
    """
    gap = find_longest_gap(expression)
    if expression.startswith("rate") and gap:
        return _MONTH_LENGTH / gap
    times, days = _find_starts(expression[len("cron(") : -1].split())
    years = len({each.year for each in days})
    return len(times) * len(days) / years / 12


def _read_cron(fields: Sequence[str]) -> timedelta | None:
    times, days = _find_starts(fields)
    gaps = [after - before for before, after in pairwise(times)]
    gaps += [(after - before).days * 24 * 60 + times[0] - times[-1] for before, after in pairwise(days)]
    return timedelta(minutes=max(gaps)) if gaps else None


def _find_starts(fields: Sequence[str]) -> tuple[list[int], list[date]]:
    """Return the minutes of a day and the days at which a cron expression starts something."""
    if len(fields) != 6:
        raise ExpressionError(f"{len(fields)} fields: give six, minutes hours day-of-month month day-of-week year")
    minutes, hours, day, month, weekday, year = fields
    if (day == "?") == (weekday == "?"):
        raise ExpressionError(f"day-of-month {day!r} and day-of-week {weekday!r}: write ? in just one of the two")
    times = sorted(60 * hour + minute for hour in _HOURS.read(hours) for minute in _MINUTES.read(minutes))
    falls_on = _read_weekday(weekday) if day == "?" else _read_day(day)
    months, years = _MONTH.read(month), _YEAR.read(year)
    if max(years) < _CYCLE.start:
        raise ExpressionError(f"year {year!r} is over: give * or one that comes")
    days = [each for each in _dates(_CYCLE if year == "*" else sorted(years), months) if falls_on(each)]
    if not days:
        raise ExpressionError("no date is such a day: give one that comes")
    return times, days


def _dates(years: Sequence[int], months: set[int]) -> Iterator[date]:
    for year in years:
        for month in sorted(months):
            yield from (date(year, month, day + 1) for day in range(calendar.monthrange(year, month)[1]))


def _read_day(text: str) -> Days:
    """Read day-of-month: values, `L` for the month's last day, `3W` for the weekday nearest to the 3rd."""
    if text == "L":
        return lambda each: each.day == _length(each)
    if near := re.fullmatch("([0-9]+)W", text):
        wanted = _DAY.value(near[1])
        return lambda each: wanted <= _length(each) and each == _nearest_weekday(each.replace(day=wanted))
    days = _DAY.read(text)
    return lambda each: each.day in days


def _read_weekday(text: str) -> Days:
    """Read day-of-week: values, `L` for Saturday, `6L` for the month's last Friday, `3#2` for its second Tuesday."""
    if text == "L":
        return lambda each: _weekday(each) == _WEEKDAY.last
    if last := re.fullmatch("([0-9A-Za-z]+)L", text):
        wanted = _WEEKDAY.value(last[1])
        return lambda each: _weekday(each) == wanted and each.day > _length(each) - 7
    if nth := re.fullmatch("([0-9A-Za-z]+)#([0-9]+)", text):
        wanted, number = _WEEKDAY.value(nth[1]), int(nth[2])
        if not 1 <= number <= 5:
            raise ExpressionError(f"day-of-week {text!r}: a month has the 1st to the 5th of a weekday; give one")
        return lambda each: _weekday(each) == wanted and (each.day - 1) // 7 + 1 == number
    weekdays = _WEEKDAY.read(text)
    return lambda each: _weekday(each) in weekdays


def _weekday(each: date) -> int:
    """Return the number that EventBridge gives the weekday: Sunday is 1."""
    return each.isoweekday() % 7 + 1


def _length(each: date) -> int:
    return calendar.monthrange(each.year, each.month)[1]


def _nearest_weekday(wanted: date) -> date:
    """Return the day from Monday to Friday that is nearest to *wanted*, in the same month."""
    if wanted.isoweekday() == 6:
        return wanted + timedelta(days=-1 if wanted.day > 1 else 2)
    if wanted.isoweekday() == 7:
        return wanted + timedelta(days=1 if wanted.day < _length(wanted) else -2)
    return wanted
