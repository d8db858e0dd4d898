"""Finds what the service would refuse in a definition, and what would go wrong in silence, before it is deployed."""

from artefacts.definition.checker.check import DefinitionError, check_definition
from artefacts.definition.checker.start import OBJECT_CREATED, SCHEDULED_EVENT, StartError, check_start

__all__ = ["OBJECT_CREATED", "SCHEDULED_EVENT", "DefinitionError", "StartError", "check_definition", "check_start"]
