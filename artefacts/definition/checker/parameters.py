"""Rules about the declaration of parameters."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.service_model import faults, service
from artefacts.definition.values import TYPES, is_a


def check_parameters(definition: Definition) -> Iterator[Problem]:
    """Yield parameters whose name, type, default or allowed values do not fit together."""
    for name, count in Counter(definition.parameter_names).items():
        if count > 1:
            yield Problem(f"Parameters.{name}", f"{count} parameters have this name: keep one")
    for name, parameter in definition.parameters.items():
        path = f"Parameters.{name}"
        yield from (Problem(path, fault) for fault in faults(name, service().shape_for("PipelineParameterName")))
        kind = parameter["Type"]
        if kind not in TYPES:
            yield Problem(path, f"type {kind}: choose {', '.join(TYPES)}")
            continue
        for value in [*_default(parameter), *parameter.get("EnumValues", [])]:
            if not is_a(value, kind):
                yield Problem(path, f"{value!r} is not of type {kind}: write one that is")
        if "EnumValues" in parameter and any(value not in parameter["EnumValues"] for value in _default(parameter)):
            yield Problem(path, f"the default {parameter['DefaultValue']!r} is not in EnumValues: add it or change it")


def _default(parameter: Mapping[str, Any]) -> list[Any]:
    return [parameter["DefaultValue"]] if "DefaultValue" in parameter else []
