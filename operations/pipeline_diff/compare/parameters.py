"""What changed in the parameters of a pipeline, each told as what it sets: an instance, a limit, a hyperparameter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from artefacts.definition.graph import Step
from artefacts.definition.references import find
from operations.pipeline_diff.change import Area, Change
from operations.pipeline_diff.compare.differences import ABSENT, find_differences, say
from operations.pipeline_diff.compare.steps import area_of

_WORDS = {"DefaultValue": "default", "Type": "type", "EnumValues": "allowed values"}


def compare_parameters(before: Mapping[str, Any], after: Mapping[str, Any], steps: Sequence[Step]) -> Iterator[Change]:
    """Yield what is different in the parameters; *steps* are those of both sides, which say what each is for."""
    old, new = ({each["Name"]: each for each in definition.get("Parameters", ())} for definition in (before, after))
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) == new.get(name):
            continue
        area, users = _use(name, steps)
        used = (f"used by {', '.join(users)}",) if users else ("used by no step",)
        if name not in old or name not in new:
            before_text, after_text = (_describe(each[name]) if name in each else None for each in (old, new))
            what = "added" if before_text is None else "removed"
            yield Change(area, name, what, before_text, after_text, details=used)
            continue
        yield from _compare(old[name], new[name], area, used)


def _compare(old: Mapping[str, Any], new: Mapping[str, Any], area: Area, used: tuple[str, ...]) -> Iterator[Change]:
    for member in dict.fromkeys((*old, *new)):
        pair = old.get(member, ABSENT), new.get(member, ABSENT)
        if any(find_differences({member: pair[0]}, {member: pair[1]})):
            before, after = (None if value is ABSENT else say(value) for value in pair)
            yield Change(area, new["Name"], _WORDS.get(member, member), before, after, details=used)


def _describe(parameter: Mapping[str, Any]) -> str:
    default = f", default {say(parameter['DefaultValue'])}" if "DefaultValue" in parameter else ", no default"
    return f"{parameter.get('Type')}{default}"


def _use(name: str, steps: Sequence[Step]) -> tuple[Area, list[str]]:
    """Return what the parameter sets, and the steps that read it."""
    reference = f"Parameters.{name}"
    uses = [
        (step, path.removeprefix(f"{step.name}."))
        for step in steps
        for path, text in find(step.document, step.name)
        if text == reference
    ]
    areas = [area for step, path in uses if (area := area_of(step.type, path)) in _TOLD_AS]
    return (areas[0] if areas else Area.PARAMETER), list(dict.fromkeys(step.name for step, _ in uses))


_TOLD_AS = (Area.INSTANCE, Area.LIMIT, Area.HYPERPARAMETER, Area.IMAGE)


def resolve_defaults(node: Any, definition: Mapping[str, Any]) -> Any:
    """Return *node* with parameters replaced by their defaults, where they have one."""
    defaults = {
        f"Parameters.{each['Name']}": each["DefaultValue"]
        for each in definition.get("Parameters", ())
        if "DefaultValue" in each
    }
    return _resolve(node, defaults)


def _resolve(node: Any, defaults: Mapping[str, Any]) -> Any:
    match node:
        case {"Get": str(reference)} if reference in defaults:
            return defaults[reference]
        case dict():
            return {key: _resolve(value, defaults) for key, value in node.items()}
        case list():
            return [_resolve(item, defaults) for item in node]
        case _:
            return node
