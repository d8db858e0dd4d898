"""Finds what the service would refuse in a definition, and what would go wrong in silence, before it is deployed."""

from pipeline_language.checker.check import DefinitionError, check_definition
from pipeline_language.checker.start import StartError, check_start

__all__ = ["DefinitionError", "StartError", "check_definition", "check_start"]
