"""Reads a page as a browser would, and refuses what is not well-formed."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

VOID = {"meta", "br", "hr", "link", "img", "input"}


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == [], f"{self._open} are never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} has an attribute twice"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"{tag} is closed and never opened"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("style", "title", "desc"):
            self._text.append(data)

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(" ".join(self._text).split())

    @property
    def drawings(self) -> list[ElementTree.Element]:
        """The SVG elements."""
        return [read_drawing(text) for text in re.findall(r"<svg.*?</svg>", self.html, re.DOTALL)]

    def attributes(self, name: str) -> list[str]:
        """All values of the attribute *name*."""
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def tags(self, *names: str) -> list[str]:
        """The elements called one of *names*, in order."""
        return [tag for tag, _ in self.elements if tag in names]


def read_drawing(text: str) -> ElementTree.Element:
    """The outermost element of an SVG."""
    return ElementTree.fromstring(text)  # noqa: S314 - what is read is our own
