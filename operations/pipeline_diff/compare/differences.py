"""Where two JSON documents differ in what they mean: the order of keys, and of lists without an order, is none."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Any, Final

Path = tuple[str, ...]


class _Absent(Enum):
    ABSENT = ""


ABSENT: Final = _Absent.ABSENT
"""In place of a value where there is none; `null` is one."""

_IDENTITIES = ("Name", "InputName", "OutputName", "ChannelName", "ParameterName", "Key", "Id", "Sid", "ExceptionType")
"""Members that tell the items of a list apart, so that their order says nothing."""

_WITHOUT_ORDER = frozenset(
    {
        *("EnumValues", "DependsOn", "ExceptionType", "SupportedContentTypes", "SupportedResponseMIMETypes"),
        *("SupportedRealtimeInferenceInstanceTypes", "SupportedTransformInstanceTypes", "Subnets", "SecurityGroupIds"),
        *("Action", "NotAction", "Resource", "NotResource", "AlarmActions", "OKActions", "ManagedPolicyArns"),
        *("Statement", "AWS", "Service"),
    }
)
"""Lists of which only the items count; a condition's operands, below, are all of one `and`."""


@dataclass(frozen=True)
class Difference:
    """A value that differs; the path leads to it."""

    path: Path
    before: Any
    after: Any

    @property
    def where(self) -> str:
        """The path as text, such as `Arguments.HyperParameters.wd`."""
        return "".join(part if part.startswith("[") else f".{part}" for part in self.path).removeprefix(".")

    @property
    def said_before(self) -> str | None:
        """The value before, as text."""
        return None if self.before is ABSENT else say(self.before)

    @property
    def said_after(self) -> str | None:
        """The value after, as text."""
        return None if self.after is ABSENT else say(self.after)


def find_differences(before: Any, after: Any, path: Path = ()) -> Iterator[Difference]:
    """Yield the innermost values that differ.

    >>> [each.where for each in find_differences({"a": {"b": 1, "c": 2}}, {"a": {"c": 2, "b": 3}})]
    ['a.b']
    """
    if repr(before) == repr(after):  # the same, and in the same order, which most things are
        return
    match before, after:
        case dict(), dict() if not (_is_value(before) and _is_value(after)):
            for key in dict.fromkeys((*before, *after)):
                yield from find_differences(before.get(key, ABSENT), after.get(key, ABSENT), (*path, key))
        case list(), list():
            yield from _in_lists(before, after, path)
        case _:
            # True is 1 in Python, but not in JSON.
            if before != after or (type(before) is bool) != (type(after) is bool):
                yield Difference(path, before, after)


def _is_value(node: Mapping[str, Any]) -> bool:
    """Return whether *node* stands for one value, and is read as one."""
    return len(node) == 1 and next(iter(node)) in ("Get", "Std:Join", "Ref", "Fn::GetAtt", "Fn::ImportValue", "Fn::Sub")


def _in_lists(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Difference]:
    member = _identity(before, after)
    if member:
        yield from find_differences(_keyed(before, member), _keyed(after, member), path)
    elif path and path[-1] in _WITHOUT_ORDER:
        olds, news = ({_canonical(item): item for item in items} for items in (before, after))
        for text in dict.fromkeys((*olds, *news)):
            if (text in olds) != (text in news):
                yield Difference((*path, "[]"), olds.get(text, ABSENT), news.get(text, ABSENT))
    elif path[-1:] == ("ContainerArguments",) and _differ_by_option(before, after):
        yield from find_differences(_by_option(before), _by_option(after), path)
    else:
        yield from _in_sequences(before, after, path)


def _differ_by_option(before: Sequence[Any], after: Sequence[Any]) -> bool:
    """Return whether two command lines, of options alone, differ in more than the order of these."""
    return all(_is_option(each[0]) for each in (before, after) if each) and _by_option(before) != _by_option(after)


def _by_option(words: Sequence[Any]) -> dict[str, list[Any]]:
    """Return the values of each option of a command line."""
    options: dict[str, list[Any]] = {}
    for word in words:
        if _is_option(word):
            values = options.setdefault(word, [])
        else:
            values.append(word)
    return options


def _is_option(word: Any) -> bool:
    return isinstance(word, str) and word.startswith("--")


def _in_sequences(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, [_canonical(item) for item in before], [_canonical(item) for item in after], False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for offset in range(max(end - start, new_end - new_start)):
            old = before[start + offset] if start + offset < end else ABSENT
            new = after[new_start + offset] if new_start + offset < new_end else ABSENT
            number = start + offset if old is not ABSENT else new_start + offset
            yield from find_differences(old, new, (*path, f"[{number}]"))


def _identity(before: Sequence[Any], after: Sequence[Any]) -> str | None:
    """Return the member by whose value the items of both lists can be told apart."""
    items = (*before, *after)
    if not items or not all(isinstance(item, dict) for item in items):
        return None
    for member in _IDENTITIES:
        if all(member in item for item in items) and all(
            len({_canonical(item[member]) for item in some}) == len(some) for some in (before, after)
        ):
            return member
    return None


def _keyed(items: Sequence[Mapping[str, Any]], member: str) -> dict[str, Any]:
    return {f"[{say(item[member])}]": item for item in items}


def _canonical(node: Any) -> str:
    return json.dumps(normalize(node), sort_keys=True)


def normalize(node: Any, member: str = "") -> Any:
    """Return *node* with the lists that have no order sorted."""
    match node:
        case dict():
            return {key: normalize(value, key) for key, value in node.items()}
        case list():
            items = [normalize(item) for item in node]
            ordered = member not in _WITHOUT_ORDER and _identity(items, ()) is None
            return items if ordered else sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
        case _:
            return node


def say(node: Any) -> str:
    """Return a value as people read it: texts bare, references by what they name."""
    match node:
        case str():
            return node
        case {"Get": str(reference)}:
            return reference
        case {"Ref": str(name)}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Join": [str(separator), list(items)]}:
            return separator.join(say(item) for item in items)
        case {"Fn::ImportValue": str(name)}:
            return f"${{{name}}}"
        case {"Fn::Sub": str(text)}:
            return text
        case {"Std:Join": {"On": str(separator), "Values": list(values)}}:
            return separator.join(say(value) for value in values)
        case list() if all(isinstance(item, str) for item in node):
            return ", ".join(node)
        case _:
            return json.dumps(node, ensure_ascii=False)
