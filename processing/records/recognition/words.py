"""The words for a form that is not the declared one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from processing.records.format import INVISIBLE, Format, to_declare

SHOWN_CHARACTERS = 60
"""Of a file's path."""

MAXIMUM_LENGTH = 100
"""Characters of a number or date that is looked at: patterns take hours for a text that never ends."""


@dataclass(frozen=True)
class Form:
    """A form that values have, as in `Form("'$'", {"drop": ["$"]})`."""

    name: str
    """Never a value of a person."""
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What to declare in [format]; nothing where no declaration would help."""
    remedy: str = ""
    """What to do instead of declaring it."""
    condition: str = ""
    """On which it may be declared."""

    @property
    def is_marker(self) -> bool:
        """Return whether it is that of a text that means a missing value."""
        return "missing" in self.settings

    def advice(self, declared: Format) -> str:
        """Return what to do, where *declared* is the format so far: what is listed there stays."""
        settings = {
            key: [*getattr(declared, key), *value] if isinstance(value, list) else value
            for key, value in self.settings.items()
        }
        declaration = f"{to_declare(settings)} {self.condition}".rstrip() if settings else ""
        return ", or ".join(filter(None, [declaration, self.remedy]))


def join(forms: Sequence[Form], prefix: str) -> Form | None:
    """Return the form of values that have all of *forms*, if there is any."""
    if not forms:
        return None
    settings: dict[str, Any] = {}
    for key, value in (item for form in forms for item in form.settings.items()):
        settings[key] = [*settings.get(key, []), *value] if isinstance(value, list) else value
    names, remedies, conditions = (
        list(dict.fromkeys(filter(None, (getattr(form, name) for form in forms))))
        for name in ("name", "remedy", "condition")
    )
    return Form(prefix + " and ".join(names), settings, " and ".join(remedies), " and ".join(conditions))


def recognize_characters(text: str) -> Form | None:
    """Return what is about the characters of a number or a date that nobody sees, or would write by hand."""
    if INVISIBLE.search(text):
        return Form("an invisible character in it", remedy="delete the character")
    if any(each.isdigit() and not each.isascii() for each in text):
        return Form("digits of another script", remedy="write 0 to 9")
    if text.strip("#") == "":
        return Form("'####', which Excel shows where a column is too narrow", remedy="widen it and export it again")
    return None


def shorten(file: str) -> str:
    """Return the end of a file's path, in one line: a message has room for more than one."""
    line = " ".join(file.split())
    return line if len(line) <= SHOWN_CHARACTERS else f"...{line[-SHOWN_CHARACTERS:]}"
