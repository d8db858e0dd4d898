"""The least that a template and a definition must have to be compared; the services ask for more."""

from collections.abc import Iterator
from typing import Any

from operations.pipeline_diff.read.errors import UnreadableSideError


def check_template(template: dict[str, Any], name: str) -> None:
    """Raise `UnreadableSideError` for a template whose resources have no types."""
    resources, outputs = template.get("Resources", {}), template.get("Outputs", {})
    if not (isinstance(resources, dict) and isinstance(outputs, dict)):
        raise UnreadableSideError(f"{name} has Resources or Outputs that are no JSON object: give a template")
    for logical_id, resource in resources.items():
        if not (isinstance(resource, dict) and isinstance(resource.get("Type"), str)):
            raise UnreadableSideError(f"{name} has {logical_id} without a Type: give a template of CloudFormation")
        if not isinstance(resource.get("Properties", {}), dict):
            raise UnreadableSideError(f"{name} has Properties of {logical_id} that are no JSON object: give a template")


def check_definition(definition: dict[str, Any], name: str) -> None:
    """Raise `UnreadableSideError` for a definition whose steps or parameters have no names."""
    for kind, members in (("Parameters", ("Name",)), ("Steps", ("Name", "Type"))):
        rows = definition.get(kind, [])
        for row in _with_branches(rows) if isinstance(rows, list) else [rows]:
            if not (isinstance(row, dict) and all(isinstance(row.get(member), str) for member in members)):
                raise UnreadableSideError(
                    f"{name} has {kind} without {' and '.join(members)}: give a definition that make synth accepts"
                )
            if not isinstance(row.get("Arguments", {}), dict):
                raise UnreadableSideError(f"{name} has Arguments of {row['Name']} that are no JSON object: mend them")


def _with_branches(rows: list[Any]) -> Iterator[Any]:
    for row in rows:
        yield row
        arguments = row.get("Arguments") if isinstance(row, dict) else None
        for branch in ("IfSteps", "ElseSteps"):
            inner = arguments.get(branch, []) if isinstance(arguments, dict) else []
            yield from _with_branches(inner if isinstance(inner, list) else [inner])
