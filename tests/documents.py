"""What is wrong in a document, by its schema."""

from typing import Any

from jsonschema import Draft202012Validator

from synthesis.build import read_schemas

SCHEMAS = read_schemas()


def faults(file: str, document: Any) -> list[str]:
    """Return what the schema of *file* has against *document*."""
    errors = Draft202012Validator(SCHEMAS[file]).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in errors]
