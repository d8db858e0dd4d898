"""The form of a definition: which members a step has, and of what type. Everything else relies on it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator

from artefacts.definition.checker.problem import Problem

VERSION = "2020-12-01"

MAXIMUM_ATTEMPTS = 20
MAXIMUM_EXPIRY_MIN = 14_400
MAXIMUM_INTERVAL_S = 43_200


def _object(members: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(members),
        "required": list(required),
        "additionalProperties": False,
    }


def _list(items: Mapping[str, Any], at_least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": dict(items), "minItems": at_least}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


_TEXT = {"type": "string"}
_ANY_OBJECT = {"type": "object"}
_COMPARISONS = ["Equals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"]

_RETRY_POLICY = _object(
    {
        "ExceptionType": _list(_TEXT, at_least=1),
        "BackoffRate": {"type": "number", "minimum": 1},
        "IntervalSeconds": {"type": "integer", "minimum": 1, "maximum": MAXIMUM_INTERVAL_S},
        "MaxAttempts": {"type": "integer", "minimum": 1, "maximum": MAXIMUM_ATTEMPTS},
        "ExpireAfterMin": {"type": "integer", "minimum": 1, "maximum": MAXIMUM_EXPIRY_MIN},
    },
    "ExceptionType",
)

_STEP_MEMBERS = {
    "Name": _TEXT,
    "Type": _TEXT,
    "DisplayName": _TEXT,
    "Description": _TEXT,
    "Arguments": _ANY_OBJECT,
    "DependsOn": _list(_TEXT),
    "CacheConfig": _object({"Enabled": {"type": "boolean"}, "ExpireAfter": _TEXT}, "Enabled"),
    "RetryPolicies": _list(_RETRY_POLICY),
    "FunctionArn": _TEXT,
    "OutputParameters": _list(
        _object(
            {"OutputName": _TEXT, "OutputType": {"enum": ["String", "Integer", "Float", "Boolean"]}},
            *("OutputName", "OutputType"),
        )
    ),
    "PropertyFiles": _list(
        _object(
            {"PropertyFileName": _TEXT, "OutputName": _TEXT, "FilePath": _TEXT},
            *("PropertyFileName", "OutputName", "FilePath"),
        )
    ),
}


def _arguments_of(kind: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "if": {"properties": {"Type": {"const": kind}}},
        "then": {"properties": {"Arguments": dict(arguments)}},
    }


_CONDITION = {
    "type": "object",
    "required": ["Type"],
    "oneOf": [
        _object(
            {"Type": {"enum": _COMPARISONS}, "LeftValue": {}, "RightValue": {}}, *("Type", "LeftValue", "RightValue")
        ),
        _object({"Type": {"const": "In"}, "QueryValue": {}, "Values": _list({})}, *("Type", "QueryValue", "Values")),
        _object({"Type": {"const": "Not"}, "Expression": _ref("condition")}, *("Type", "Expression")),
        _object({"Type": {"const": "Or"}, "Conditions": _list(_ref("condition"), at_least=1)}, *("Type", "Conditions")),
    ],
}

SCHEMA: dict[str, Any] = {
    **_object(
        {
            "Version": {"const": VERSION},
            "Metadata": _ANY_OBJECT,
            "PipelineExperimentConfig": _ANY_OBJECT,
            "Parameters": _list(
                _object({"Name": _TEXT, "Type": _TEXT, "DefaultValue": {}, "EnumValues": _list({})}, "Name", "Type")
            ),
            "Steps": _list(_ref("step"), at_least=1),
        },
        *("Version", "Steps"),
    ),
    "$defs": {
        "step": {
            **_object(_STEP_MEMBERS, *("Name", "Type", "Arguments")),
            "allOf": [
                _arguments_of(
                    "Condition",
                    _object(
                        {
                            "Conditions": _list(_ref("condition"), at_least=1),
                            "IfSteps": _list(_ref("step")),
                            "ElseSteps": _list(_ref("step")),
                        },
                        "Conditions",
                    ),
                ),
                _arguments_of("Fail", _object({"ErrorMessage": {}}, "ErrorMessage")),
                {"if": {"properties": {"Type": {"const": "Lambda"}}}, "then": {"required": ["FunctionArn"]}},
            ],
        },
        "condition": _CONDITION,
    },
}

_VALIDATOR = Draft202012Validator(SCHEMA)

_REMEDIES: Mapping[Any, str] = {
    "additionalProperties": "remove or rename it",
    "required": "add it",
    "type": "write one that is",
    "const": "write it",
    "enum": "choose one of these",
    "minimum": "give more",
    "maximum": "give less",
    "minItems": "give at least one",
    "oneOf": "write a condition, with Type, LeftValue and RightValue",
}
"""By keyword of JSON Schema: what to do when it is not met."""


def check_structure(document: Any) -> Iterator[Problem]:
    """Yield where *document* does not have the form of a definition."""
    for error in _VALIDATOR.iter_errors(document):
        remedy = _REMEDIES.get(error.validator, "correct it")
        yield Problem(_path(document, list(error.absolute_path)), f"{error.message}: {remedy}")


def _path(document: Any, keys: Sequence[str | int]) -> str:
    """Write *keys* as the other rules do: from the innermost step on, which is called by its name."""
    path, node = "Definition", document
    for key in keys:
        node = node[key]
        if isinstance(node, dict) and isinstance(node.get("Name"), str):
            path = node["Name"]
        else:
            path += f"[{key}]" if isinstance(key, int) else f".{key}"
    return path
