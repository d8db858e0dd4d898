"""How a resource type behaves, by AWS's own schemas, which cfn-lint bundles."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cfnlint.jsonschema import StandardValidator, ValidationError
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from ministack.services.cloudformation import changesets, provisioners

Properties = dict[str, Any]
_SCHEMA_REGION = "us-east-1"
"""Where every type exists."""
_SHOWN_ERRORS = 5


class PropertyError(ValueError):
    """Properties that the type's schema does not allow."""


@dataclass(frozen=True)
class ResourceType:
    """A resource type."""

    name: str
    """Such as AWS::SageMaker::Pipeline."""
    name_property: str
    """The property with the resource's own name."""

    def check(self, properties: Properties) -> None:
        """Raise an error that lists what of *properties* the schema does not allow."""
        schema = {key: value for key, value in self._schema().items() if key in _CHECKED}
        schema["properties"] = {
            name: value for name, value in schema["properties"].items() if name not in self._names("readOnlyProperties")
        }
        errors = sorted(StandardValidator(schema=schema).iter_errors(properties), key=str)
        if errors:
            shown = (f"#/{'/'.join(map(str, each.path))}: {_message(each)}" for each in errors[:_SHOWN_ERRORS])
            raise PropertyError(f"Properties validation failed for resource of type {self.name}: {'; '.join(shown)}")

    def read_only(self, record: Properties) -> Properties:
        """Return what Fn::GetAtt can ask for, from a *record* of the service."""
        return {name: str(record[name]) for name in self._names("readOnlyProperties") if name in record}

    def identifier(self, record: Properties) -> str:
        """Return what Ref gives."""
        return str(record[self._names("primaryIdentifier")[0]])

    def register(self, handlers: dict[str, Any]) -> None:
        """Give the type to MiniStack: who handles it, what replaces it, where its tags are."""
        provisioners._RESOURCE_HANDLERS[self.name] = {"update_with_logical_id": True, **handlers}
        provisioners._REPLACING_PROPERTIES[self.name] = self._names("createOnlyProperties")
        provisioners._CUSTOM_NAME_REPLACEMENT[self.name] = {"name": self.name_property}
        provisioners._STACK_TAG_PROPERTY[self.name] = ("Tags", "list")

    def let_import(self, problem: Callable[[str], str | None]) -> None:
        """Let a stack adopt what exists already; *problem* says what is wrong with an identifier."""
        changesets._IMPORT_LOOKUPS[self.name] = (self._names("primaryIdentifier"), problem)

    def _names(self, key: str) -> tuple[str, ...]:
        return tuple(pointer.rsplit("/", 1)[-1] for pointer in self._schema().get(key, ()))

    def _schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema(_SCHEMA_REGION, self.name).schema
        return copy.copy(schema)


def _message(error: ValidationError) -> str:
    # CloudFormation's words for what people meet most.
    return f"{error.instance} is not a valid enum value" if error.validator == "enum" else str(error.message)


_CHECKED = ("properties", "definitions", "required", "additionalProperties")
