"""The words for a form that is not the declared one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from processing.records.format import Format, to_declare

SHOWN_CHARACTERS = 60
"""Of a file's path."""


@dataclass(frozen=True)
class Form:
    """A form that values have, as in `Form("'$'", {"drop": ["$"]})`."""

    name: str
    """Never a value of a person."""
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What to declare in [format]; nothing where no declaration would help."""
    remedy: str = ""
    """What to do instead of declaring it."""

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
        return ", or ".join(filter(None, [to_declare(settings) if settings else "", self.remedy]))


def join(forms: Sequence[Form], prefix: str) -> Form | None:
    """Return the form of values that have all of *forms*, if there is any."""
    if not forms:
        return None
    settings: dict[str, Any] = {}
    for key, value in (item for form in forms for item in form.settings.items()):
        settings[key] = [*settings.get(key, []), *value] if isinstance(value, list) else value
    names, remedies = ([getattr(form, name) for form in forms] for name in ("name", "remedy"))
    return Form(
        prefix + " and ".join(dict.fromkeys(names)), settings, " and ".join(dict.fromkeys(filter(None, remedies)))
    )


def shorten(file: str) -> str:
    """Return the end of a file's path, in one line: a message has room for more than one."""
    line = " ".join(file.split())
    return line if len(line) <= SHOWN_CHARACTERS else f"...{line[-SHOWN_CHARACTERS:]}"
