"""Recognises profiles that are no JSON object with a text at its address, and says what they are."""

import json
import re
from collections.abc import Iterator
from typing import Any

from processing.records.format import INVISIBLE
from processing.records.recognition.words import Form

ADDRESS = "address"
MAXIMUM_ADDRESS = 1_000
"""Characters; a longer one is no address."""

LIKE_ADDRESS = "addr|adres|street|strasse|straße|anschrift|direccion|dirección|indirizzo|endere|domicil|residence"
"""What a key has that an address may be below, in any case."""

_OTHER_ADDRESS = re.compile("mail|ip|mac|web|url", re.IGNORECASE)

_TOP = "write it as a text at the key 'address' of the object itself"


def recognize_profile(text: str) -> Form | None:
    """Return what is about a profile that cannot be used; None where it is nothing known."""
    try:
        profile = json.loads(text, parse_int=lambda _: 0)
    except (ValueError, RecursionError):
        return _recognize_broken(text)
    match profile:
        case str():
            return Form("JSON that was encoded twice", remedy="encode the object once")
        case list():
            return Form("a list in place of an object", remedy="write the object without brackets")
        case {"address": str(address)} if len(address) > MAXIMUM_ADDRESS:
            return Form(f"an address of more than {MAXIMUM_ADDRESS:,} characters", remedy="shorten it")
        case {"address": dict()}:
            return Form("an address that is an object, not a text", remedy="join its parts into one text")
        case {"address": _}:
            return Form("an address that is no text", remedy="write it as a text")
        case dict() if has_misplaced_address(profile):
            return Form("an address at another key, in another case or deeper in the object", remedy=_TOP)
        case _:
            return Form("no JSON object", remedy="write an object")


def has_misplaced_address(profile: Any) -> bool:
    """Return whether *profile* has no address where it is looked for, but one at a similar key or deeper."""
    return ADDRESS not in profile and any(
        re.search(LIKE_ADDRESS, key, re.IGNORECASE) and not _OTHER_ADDRESS.search(key) for key in _keys(profile)
    )


def _keys(value: Any) -> Iterator[str]:
    match value:
        case dict():
            yield from value
            for each in value.values():
                yield from _keys(each)
        case list():
            for each in value:
                yield from _keys(each)


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_int=lambda _: 0)
    except (ValueError, RecursionError):
        return False
    return True


def _recognize_broken(text: str) -> Form:
    if re.search(r"[\x00-\x1f]", text) and _is_json(re.sub(r"[\x00-\x1f]", " ", text)):
        return Form("JSON with a line end or tab inside of a text", remedy=r"write it as \n or \t")
    if INVISIBLE.search(text[:1]):
        return Form("an invisible character before the object", remedy="delete the character")
    if '\\"' in text and _is_json(text.replace('\\"', '"')):
        return Form("JSON with a backslash before its quotation marks", remedy="write them without")
    if re.search(r"[{,]\s*\w+\s*:", text):
        return Form("JSON with keys that have no quotation marks", remedy="write them")
    if "&quot;" in text:
        return Form("JSON with HTML entities for its quotation marks", remedy="write quotation marks")
    if any(mark in text for mark in "\u201c\u201d\u201e"):
        return Form("JSON with curly quotation marks", remedy="write straight ones")
    if "{'" in text or "':" in text:
        return Form(
            "written with single quotation marks, as Python prints a dict", remedy="write JSON, with double ones"
        )
    if ",}" in text.replace(" ", ""):
        return Form("JSON with a comma before the closing brace", remedy="delete the comma")
    if text.startswith("{") and not text.endswith("}"):
        return Form("JSON that is cut off", remedy="export it whole")
    kind = "XML or HTML" if text.startswith("<") else "text" if not text.startswith(("{", "[")) else "broken JSON"
    return Form(f"{kind} in place of a JSON object", remedy='write {"address": "..."}')
