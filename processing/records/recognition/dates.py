"""Recognises dates that are not written as declared."""

import datetime
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from processing.records.columns import Kind
from processing.records.format import DEFAULT, EXCEL, Format
from processing.records.recognition.words import MAXIMUM_LENGTH, Form, recognize_characters

_TIME = (
    r"(?P<time>[T ]+\d{1,2}:\d{2}(?P<seconds>:\d{2}(?P<fraction>\.\d+)?)?(?P<half> ?[AaPp][Mm])?)?"
    r"(?P<zone> ?(?:Z|[+-]\d{2}:?\d{2}))?"
)
_NUMERIC = re.compile(
    rf"(?P<quote>')?(?P<a>\d{{1,4}})(?P<mark>[/.\- ])(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{1,4}})(?P<end>\.?){_TIME}"
)
_NAMED = re.compile(
    rf"(?P<quote>')?(?:(?P<day>\d{{1,2}})(?P<mark>\.? ?[-/ .]?))?(?P<name>[^\W\d_]{{3,9}})(?P<mark_2>\.? ?[-/ .,]? ?)"
    rf"(?:(?P<day_2>\d{{1,2}})(?P<mark_3>,? ))?(?P<year>\d{{2}}|\d{{4}}){_TIME}"
)
_MONTH_LIST = "january february march april may june july august september october november december"
_MONTHS = _MONTH_LIST.split()

_WORDS: Mapping[str, str] = {
    "%d": "day", "%m": "month", "%Y": "year", "%y": "year of two digits", "%b": "month name", "%B": "month name",
    "%-d": "day", "%-m": "month",
}  # fmt: skip

COMPACT = ("%Y%m%d", "%d%m%Y", "%m%d%Y")

ALL_DATES = "if all dates are so"

FROM_1900 = "read as counted from 1900: of a workbook that counts from 1904, add 1,462 to each"
"""Nothing in the numbers tells the two calendars of Excel apart, which are four years and a day away."""

_LIKE = "write dates like 2020-12-31"
_OTHERS: Mapping[str, Form] = {
    r"\d{4}": Form("a year alone", remedy="give the day, too"),
    r"\d{4}[-/]\d{1,2}|\d{1,2}[-/.]\d{4}|[^\W\d_]{3,9}[-/ .']+(\d{2}|\d{4})": Form(
        "a month alone", remedy="give the day, too"
    ),
    r"\d{4}-?W\d{1,2}(-?\d)?": Form("a week alone", remedy="give the day, too"),
    r"\d{4}[- /]?Q\d|Q\d[- /]?\d{4}": Form("a quarter alone", remedy="give the day, too"),
    r"-?(\d{9,10}|\d{12,13})": Form("seconds since 1970", remedy=_LIKE),
    r"(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*[, ].*": Form("a date with its weekday", remedy=_LIKE),
    r".*\d(?i:st|nd|rd|th)\b.*": Form("a day with st, nd, rd or th", remedy=_LIKE),
}
"""What no date format reads, by its pattern."""

_LIKE_A_DATE = re.compile(
    r"(?<!\d)(\d{4}\D{1,3}\d{1,2}\D{1,3}\d{1,2}|\d{1,2}\D{1,3}\d{1,2}\D{1,3}\d{4}|\d{8}T\d+|\d{4}-?\d{3}$)(?!\d)"
)
"""Three numbers of which the first or the last may be a year, and ISO's other ways, with or without more around."""


def recognize_date(text: str, declared: Format) -> Form | None:
    """Return what is about a date that is not as declared; None for what is no date.

    All digits of *text* may have been replaced by others.
    """
    if len(text) > MAXIMUM_LENGTH:
        return None
    if form := recognize_characters(text):
        return form
    for pattern, form in _OTHERS.items():
        if re.fullmatch(pattern, text):
            return form
    formats = possible_formats(text)
    if declared.date_format in formats:
        return None  # out of the calendar or of its bounds
    if not formats:
        named = _NAMED.fullmatch(text)
        if named and (named["day"] or named["day_2"]):
            return Form("a month name that is not English", remedy=_LIKE)
        is_like_one = _LIKE_A_DATE.search(text)
        return Form("a date with other marks or with more around it", remedy=_LIKE) if is_like_one else None
    if formats == list(COMPACT):
        return Form("written as eight digits")
    return Form(f"written as {' or '.join(map(describe_date_format, formats))}")


def possible_formats(text: str) -> list[str]:
    """Return the formats that *text*, whose digits may be others, may be of; the likelier ones first."""
    if re.fullmatch(r"\d{5}(\.\d*)?", text):
        return [EXCEL]
    if re.fullmatch(r"\d{8}", text):
        return list(COMPACT)
    if parts := _NUMERIC.fullmatch(text):
        return [f"{parts['quote'] or ''}{each}{parts['end']}{_time_format(parts)}" for each in _orders(parts)]
    named = _NAMED.fullmatch(text)
    if not named or bool(named["day"]) == bool(named["day_2"]):
        return []
    name = named["name"].lower()
    code = "%B" if name in _MONTHS and len(name) > 3 else "%b" if any(name == each[:3] for each in _MONTHS) else ""
    day = f"%d{named['mark']}" if named["day"] else ""
    day_2 = f"%d{named['mark_3']}" if named["day_2"] else ""
    year = "%Y" if len(named["year"]) == 4 else "%y"
    return [f"{named['quote'] or ''}{day}{code}{named['mark_2']}{day_2}{year}{_time_format(named)}"] if code else []


def _orders(parts: re.Match[str]) -> list[str]:
    mark, widths = parts["mark"], [len(parts[each]) for each in "abc"]
    if widths[0] == 4:
        day_first = "%Y-%-m-%-d" if mark == "-" and min(widths[1:]) < 2 else f"%Y{mark}%m{mark}%d"
        return [day_first] if widths[2] <= 2 else []
    orders = ("%d {} %m", "%m {} %d") if mark != "." else ("%d {} %m",)
    year = {4: "%Y", 2: "%y"}.get(widths[2])
    found = [f"{order.replace(' {} ', mark)}{mark}{year}" for order in orders] if year and widths[0] <= 2 else []
    return [*found, f"%y{mark}%m{mark}%d"] if year == "%y" and widths[0] == 2 else found


def _time_format(parts: re.Match[str]) -> str:
    zone = (parts["zone"] or "").partition("Z")[0].rstrip("+-0123456789:") + ("%z" if parts["zone"] else "")
    if not parts["time"]:
        return zone
    gap = re.match("[T ]+", parts["time"])
    hour = "%I" if parts["half"] else "%H"
    half = parts["half"].lower().replace("am", "%p").replace("pm", "%p") if parts["half"] else ""
    seconds = (":%S" if parts["seconds"] else "") + (".%f" if parts["fraction"] else "")
    return f"{gap[0] if gap else ' '}{hour}:%M{seconds}{half}{zone}"


def describe_date_format(date_format: str) -> str:
    """Return the words for a date format, such as "day/month/year"."""
    if date_format == EXCEL:
        return "Excel's serial day number"
    day, time = re.fullmatch(r"(.*?%-?[dYy])\.?([T ]+%[HI].*| ?%z)?", date_format).groups()  # type: ignore[union-attr]  # every format ends so
    gap = "" if re.search("%-?.[^%]", day) else " "
    words = re.sub("%-?.", lambda code: _WORDS[code[0]] + gap, day).strip()
    apostrophe = " behind an apostrophe" if words.startswith("'") else ""
    unpadded = " without leading zeros" if "%-" in day else ""
    return f"{words.removeprefix(chr(39))}{apostrophe}{unpadded}{_describe_time(time or '')}"


def _describe_time(codes: str) -> str:
    if not codes:
        return ""
    return " with a time of day" if ":" in codes else " with a time zone"


def resolve_dates(
    texts: Sequence[str], declared: Format, bounds: tuple[datetime.date, datetime.date] | None
) -> Form | None:
    """Return in what form the most of *texts*, dates that cannot be read, are, and how to declare it."""
    formats = dict.fromkeys(each for text in texts for each in possible_formats(text))
    counts = {each: _count(each, texts, bounds) for each in formats if each != declared.date_format}
    most = max(counts.values(), default=0)
    best = [each for each, count in counts.items() if count == most > 0]
    if 2 * most <= len(texts):
        (form, _), *further = Counter(recognize_date(text, declared) for text in texts).most_common()
        return replace(form, name=f"{form.name} and in other forms", remedy=_LIKE) if form and further else form
    words = describe_date_format(best[0])
    if len(best) > 1:
        others = " or ".join(f'"{each}"' for each in best[1:])
        either = (
            f"as {words} or {' or '.join(map(describe_date_format, best[1:]))} (no day is above 12 in either place)"
        )
        return Form(either, {"date_format": best[0]}, f"{others}, whichever it is", ALL_DATES)
    rest = len(texts) - most
    mixed = " most of the time, others in yet other forms" if rest > len(texts) // 20 else ""
    condition = f"{ALL_DATES}, {FROM_1900}" if best[0] == EXCEL else ALL_DATES
    return Form(f"written as {words}{mixed}", {"date_format": best[0]}, condition=condition)


def _count(date_format: str, texts: Sequence[str], bounds: tuple[datetime.date, datetime.date] | None) -> int:
    """Return how many of *texts* are days within *bounds* by *date_format*."""
    plain = Format(date_format=date_format).plain(Kind.DATE, pa.array(texts, pa.string()))
    first, last = bounds or (datetime.date.min, datetime.date.max)
    days = [_day(text) for text in plain.to_pylist() if text]
    return sum(first <= day <= last for day in days if day)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(text, DEFAULT.date_format).date()
    except ValueError:
        return None
