"""Refuses what is JSON, but no template and no definition, before something stumbles over it."""

from collections.abc import Iterator
from typing import Any

from operations.pipeline_diff.read.errors import UnreadableSideError


def check_template(template: Any, name: str) -> None:
    """Raise `UnreadableSideError` unless the resources of *template* are some."""
    resources, outputs = template.get("Resources", {}), template.get("Outputs", {})
    _check(isinstance(outputs, dict), name, "Outputs", "names and outputs")
    for output, value in outputs.items():
        _check(isinstance(value, dict), name, f"Outputs.{output}", "an output")
    _check(isinstance(resources, dict), name, "Resources", "names and resources")
    _check(isinstance(template.get("Outputs", {}), dict), name, "Outputs", "names and values")
    for logical_id, resource in resources.items():
        _check(isinstance(resource, dict) and isinstance(resource.get("Type"), str), name, logical_id, "a resource")
        for member in ("Properties", "Metadata"):
            _check(isinstance(resource.get(member, {}), dict), name, f"{logical_id}.{member}", "names and values")
        definition = resource.get("Properties", {}).get("PipelineDefinition", {})
        _check(isinstance(definition, dict), name, f"{logical_id}.PipelineDefinition", "names and values")


def check_definition(definition: Any, name: str) -> None:
    """Raise `UnreadableSideError` unless *definition* has steps and parameters that are some."""
    for parameter in _items(definition, "Parameters", name):
        _check(isinstance(parameter, dict) and isinstance(parameter.get("Name"), str), name, "Parameters", "parameters")
    for step in _find_steps(definition, "Steps", name):
        named = isinstance(step, dict) and all(isinstance(step.get(member), str) for member in ("Name", "Type"))
        _check(named, name, "Steps", "steps with a Name and a Type")
        for member in ("Arguments", "CacheConfig"):
            _check(isinstance(step.get(member, {}), dict), name, f"{step['Name']}.{member}", "names and values")
        _items(step, "DependsOn", name)


def _find_steps(node: Any, member: str, name: str) -> Iterator[Any]:
    for step in _items(node, member, name):
        yield step  # which is checked before its branches are looked at
        for branch in ("IfSteps", "ElseSteps"):
            yield from _find_steps(step.get("Arguments", {}), branch, name)


def _items(node: Any, member: str, name: str) -> list[Any]:
    found = node.get(member, [])
    _check(isinstance(found, list), name, member, "a list")
    return list(found)


def _check(right: bool, name: str, where: str, wanted: str) -> None:
    if not right:
        raise UnreadableSideError(f"{name} lacks {wanted} at {where}: give a template or a pipeline definition")
