"""Finds the columns of a raw file by its header, or says how the file is written instead."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from processing.job import JobError
from processing.records.columns import NAMES
from processing.records.format import INVISIBLE, LOOSE, Format, loose_key, to_declare
from processing.records.raw_files import open_records, read_head
from processing.records.recognition.layout import (
    DELIMITERS,
    Layout,
    NotCsvError,
    check_is_text,
    is_encoded_otherwise,
    is_surely_encoded_otherwise,
    recognize_layout,
)

EXPORT_AS_UTF_8 = (
    "export it again as 'CSV UTF-8' or, if all files are so, write their encoding,"
    ' such as encoding = "windows-1252", into [format] of the data contract'
)

UNREAD = ("",)
"""In place of a header that was not read."""

HEADER_BYTES = 1 << 20
"""Bytes that are read for the header; as text they take some times as much."""


def find_columns(name: str, path: Path, form: Format) -> dict[str, str]:
    """Return what the header calls each column that is not declared to be absent; raise `JobError` where one lacks.

    *name* is what the file *path* is called in messages.
    """
    head = read_head(path)
    try:
        check_is_text(head)
    except NotCsvError as error:
        raise JobError(f"{name}: {error}, not CSV; save it as 'CSV UTF-8' and upload that") from error
    if is_surely_encoded_otherwise(head, form.encoding):
        raise JobError(f"{name}: {_describe(head, UNREAD, form, NAMES)}")
    header = _read_header(name, path, head, form)
    keys = [form.header_key(each) for each in header]
    wanted = {column: form.header_key(form.header_name(column)) for column in NAMES if form.header_name(column)}
    missing = [column for column, key in wanted.items() if key not in keys]
    if missing:
        raise JobError(f"{name}: {_describe(head, header, form, missing)}")
    duplicate = [column for column, key in wanted.items() if keys.count(key) > 1]
    if duplicate:
        raise JobError(f"{name}: column {', '.join(duplicate)} appears twice; keep one")
    # A second byte order mark: pyarrow passes over one at the start of what it reads.
    names = [header[0].removeprefix("\ufeff"), *header[1:]]
    return {column: names[keys.index(key)] for column, key in wanted.items()}


def _read_header(name: str, path: Path, head: bytes, form: Format) -> list[str]:
    """Return the names in the header; U+FFFD stands in them for bytes that are no UTF-8."""
    with open_records(path, form) as source:
        block = source.read(HEADER_BYTES)
    if not block and source.fault:
        is_title = _stands_below(recognize_layout(head), form)
        fault = _describe(head, UNREAD, form, NAMES) if is_title else f"row {form.header_row} {source.fault}"
        raise JobError(f"{name}: {fault}")
    if not block:
        raise JobError(f"{name}: empty file; upload the export again")
    lines = io.StringIO(str(block, "utf-8"), newline="")
    try:
        return next(csv.reader(lines, delimiter=form.delimiter))
    except csv.Error:  # strict CSV it is, but the module limits a field to 128 KB
        raise JobError(f"{name}: a name in the header has over 128 KB; name the columns in the first line") from None


def _stands_below(layout: Layout, form: Format) -> bool:
    """Return whether a row with names of columns was found below the one declared."""
    names = {loose_key(form.header_name(column)) for column in NAMES}
    return layout.header_row > form.header_row and not names.isdisjoint(map(loose_key, layout.header))


def _describe(head: bytes, header: Sequence[str], form: Format, missing: Sequence[str]) -> str:
    """Return how the file seems to be written, or else which columns are *missing*, with what to do."""
    layout = recognize_layout(head, known=[*NAMES, *form.columns.values()])
    names = {column: form.header_name(column) for column in NAMES if form.header_name(column)}
    keys = {loose_key(each): each for each in layout.header}
    alike = {
        column: keys[loose_key(each)]
        for column, each in names.items()
        if each not in layout.header and loose_key(each) in keys
    }
    found, settings = _compare(head, layout, form)
    if alike and form.header_match != LOOSE:
        found.append(f"column {', '.join(alike)} has {_differences(alike, names)} in its name")
        settings["header_match"] = LOOSE
    absent = [column for column, each in names.items() if loose_key(each) not in keys]
    if absent == list(names) and header is not UNREAD and not any(header):
        return "the first line is blank; delete it, so that the header comes first"
    if "\ufffd" in "".join(header) and not found:
        return f"not UTF-8 text in the header; {EXPORT_AS_UTF_8}"
    if absent == list(names) or not found:
        wanted = ", ".join(names.values())
        return (
            f"missing column {', '.join(missing)}; name the columns {wanted} in row {form.header_row},"
            " or write what the header calls them into [format.columns] of the data contract"
        )
    if absent:
        found.append(f"column {', '.join(absent)} is missing")
    described = f"row {layout.header_row}: {', '.join(found)}"
    return f"{described}: export it as declared or, if all files are so, {to_declare(settings)}"


def _compare(head: bytes, layout: Layout, form: Format) -> tuple[list[str], dict[str, object]]:
    """Return what of *layout* is not as declared, in words, and what to declare."""
    found: list[str] = []
    settings: dict[str, object] = {}
    if is_encoded_otherwise(head, form.encoding):
        found.append(f"the text is in {layout.encoding.upper()}")
        settings["encoding"] = layout.encoding
    if layout.header_row != form.header_row:
        found.append(f"the column names stand in row {layout.header_row}")
        settings["header_row"] = layout.header_row
    if layout.delimiter != form.delimiter:
        found.append(f"the columns are separated by {DELIMITERS[layout.delimiter]}")
        settings["delimiter"] = layout.delimiter
    return found, settings


def _differences(alike: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Return in what the header's names differ from those wanted."""
    pairs = [(header, names[column]) for column, header in alike.items()]
    differences: Mapping[str, Callable[[str], str]] = {
        "an invisible character": lambda text: "".join(INVISIBLE.findall(text)),
        "an unexpected space": lambda text: "".join(re.findall(r"\s", text)),
        "other capital letters": lambda text: "".join(filter(str.isupper, text)),
        "another hyphen or underscore": lambda text: "".join(re.findall("[-_]", text)),
    }
    return " and ".join(
        what for what, part in differences.items() if any(part(header) != part(name) for header, name in pairs)
    )
