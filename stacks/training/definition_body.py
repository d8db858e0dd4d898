"""Puts a definition into a template line by line, so that `cdk diff` shows the lines that changed and no others."""

from collections.abc import Mapping
from typing import Any

from pipeline_definition.placeholders import name_of, variables


def join_lines(definition: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what CloudFormation makes *definition* of, each of its placeholders bound to its value.

    Not the CDK's `Fn.join`: that merges neighbours without a placeholder into one text.
    """
    return {"Fn::Join": ["\n", [_bind(line, values) for line in definition.split("\n")]]}


def _bind(line: str, values: Mapping[str, Any]) -> str | dict[str, Any]:
    # The order of a set is another one in each process.
    bound = {name_of(token): values[token] for token in sorted(variables(line))}
    return {"Fn::Sub": [line, bound]} if bound else line
