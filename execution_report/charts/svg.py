"""SVG elements, well-formed and escaped by construction."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

# What XML cannot hold, not even escaped.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Svg:
    """A finished drawing; templates insert it as it is."""

    text: str

    def __html__(self) -> str:
        return self.text

    @classmethod
    def of(cls, root: Element) -> "Svg":
        """Write the drawing whose outermost element is *root*."""
        return cls(tostring(root, encoding="unicode"))


def chart(name: str, width: int, height: int, title: str, description: str) -> Element:
    """Return an empty drawing that scales with the page; *name* is unique on it."""
    root = Element("svg", {"viewBox": f"0 0 {width} {height}", "class": "chart", "role": "img"})
    root.set("aria-labelledby", f"{name}-title {name}-description")
    add(root, "title", title, id=f"{name}-title")
    add(root, "desc", description, id=f"{name}-description")
    return root


def strip(kind: str, title: str) -> Element:
    """Return an empty drawing of the class *kind* as large as what holds it: positions in it are in percent."""
    root = Element("svg", {"class": kind, "role": "img"})
    root.set("aria-label", _writable(title))
    add(root, "title", title)
    return root


def add(parent: Element, tag: str, text: str = "", /, **attributes: float | str) -> Element:
    """Add an element; an attribute's underscores stand for hyphens, and `class_` for the word that Python keeps."""
    named = {name.rstrip("_").replace("_", "-"): _written(value) for name, value in attributes.items()}
    child = SubElement(parent, tag, named)
    if text:
        child.text = _writable(text)
    return child


def percent(value: float) -> str:
    """Write a share of one as a length."""
    return f"{100 * value:.2f}".rstrip("0").rstrip(".") + "%"


def _written(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
