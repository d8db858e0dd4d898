"""Reads the JSON profile column: of address, phone and e-mail, only the length of the address is kept."""

import json

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pajson

from processing.records.recognition.profiles import LIKE_ADDRESS, MAXIMUM_ADDRESS, has_misplaced_address
from processing.records.text_bytes import view_bytes

DEEP = 100
"""Braces and brackets of a profile that is looked at by itself."""

FEW = 10
"""Profiles that are read one by one sooner than the fast parser is set up: requests have one, files some thousands."""

UNUSABLE = -1
"""In place of a length."""

_BRACE, _BRACKET = b"{["

Lengths = npt.NDArray[np.int32]

_LIKELY = rf"{LIKE_ADDRESS}|\\u"
"""In JSON as it is written: any letter may be escaped, as in "Stra\\u00dfe"."""

_SCHEMA = pa.schema([("address", pa.string())])


def address_lengths(profiles: pa.StringArray) -> pa.Int32Array:
    """Return the length in characters of each profile's address.

    0 where there is no profile or no address, null where the profile is not a JSON object, or its address not a text of
    usual length or not where it is looked for.
    """
    if len(profiles) < FEW:
        lengths = np.array([_length(text) if text else 0 for text in profiles.to_pylist()], np.int32)
        return pa.array(lengths, mask=lengths == UNUSABLE)
    # An object that begins and ends on its own line cannot run on into the next one: only such lines go to the
    # fast parser, and as many objects must come back as lines went in. Nor do deeply nested ones, of which the two
    # parsers think differently: what a profile means must not depend on its neighbours.
    objects = pc.and_(pc.starts_with(profiles, "{"), pc.ends_with(profiles, "}"))
    objects = pc.and_(objects, pa.array(_count_brackets(profiles) < DEEP))
    lengths = np.zeros(len(profiles), np.int32)
    others = np.flatnonzero(pc.and_not(pc.not_equal(profiles, ""), objects))
    lengths[others] = _read(profiles.take(pa.array(others)))
    lengths[np.asarray(objects)] = _lengths(profiles.filter(objects))
    return pa.array(lengths, mask=lengths == UNUSABLE)


def _count_brackets(profiles: pa.StringArray) -> npt.NDArray[np.intp]:
    """Return how many braces and brackets each profile opens."""
    content, offsets = view_bytes(profiles)
    opening = np.flatnonzero((content | (_BRACE ^ _BRACKET)) == _BRACE)  # they differ in one bit
    return np.bincount(np.searchsorted(offsets, opening, "right") - 1, minlength=len(profiles))


def _lengths(profiles: pa.StringArray) -> Lengths:
    if not len(profiles):
        return np.empty(0, np.int32)
    try:
        addresses = _parse(profiles)["address"].combine_chunks()
    except pa.ArrowInvalid:
        return _read(profiles)
    if len(addresses) != len(profiles):
        return _read(profiles)
    lengths: Lengths = pc.fill_null(pc.utf8_length(addresses), 0).to_numpy().copy()
    # Perhaps where it is not looked for, or too long.
    doubtful = np.flatnonzero(np.asarray(pc.is_null(addresses)))
    likely = pc.match_substring_regex(profiles.take(pa.array(doubtful)), _LIKELY, ignore_case=True)
    rows = np.concatenate([doubtful[np.asarray(likely)], np.flatnonzero(lengths > MAXIMUM_ADDRESS)])
    lengths[rows] = _read(profiles.take(pa.array(rows)))
    return lengths


def _parse(profiles: pa.StringArray) -> pa.Table:
    """Parse one object per line at once; raise `pa.ArrowInvalid` when any of them is malformed."""
    lines = pc.binary_join(pa.LargeListArray.from_arrays(pa.array([0, len(profiles)], pa.int64()), profiles), "\n")
    text = lines[0].as_buffer()
    return pajson.read_json(
        pa.BufferReader(text),
        read_options=pajson.ReadOptions(use_threads=False, block_size=text.size + 1),
        parse_options=pajson.ParseOptions(explicit_schema=_SCHEMA, unexpected_field_behavior="ignore"),
    )


def _read(profiles: pa.StringArray) -> Lengths:
    return np.array([_length(text) for text in profiles.to_pylist()], np.int32)


def _length(text: str) -> int:
    """Do for one profile what `_parse` does for many; slower, but it can tell which profile is malformed."""
    try:
        profile = json.loads(text, parse_int=lambda _: 0)  # one with thousands of digits is refused otherwise
    except (ValueError, RecursionError):
        return UNUSABLE
    if profile is None:
        return 0
    if not isinstance(profile, dict):
        return UNUSABLE
    match profile.get("address"):
        case None:
            return UNUSABLE if has_misplaced_address(profile) else 0
        case str(address) if len(address) <= MAXIMUM_ADDRESS:
            return len(address)
        case _:
            return UNUSABLE
