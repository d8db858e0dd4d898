"""Finds what the service would refuse in a definition, and what would go wrong in silence, before it is deployed."""

from artefacts.definition.checker.check import DefinitionError, check_definition
from artefacts.definition.checker.start import StartError, check_start

__all__ = ["DefinitionError", "StartError", "check_definition", "check_start"]
