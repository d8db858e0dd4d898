"""Rules about the step cache: it must be able to hit, and must not hit when the data has changed."""

import re
from collections.abc import Iterator
from typing import Any

from artefacts.definition.cache_keys import CACHE_KEYS, key_attributes
from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem
from artefacts.definition.durations import read_duration
from artefacts.definition.graph import Step
from artefacts.definition.references import ExecutionReference, ParameterReference, find

VERSION_PARAMETER = re.compile(r"Parameters\.\w*Version")
"""A parameter that says which content lies behind an S3 URI is called so."""

_CONTENT_ADDRESS = re.compile(r"[0-9a-f]{64}")


def check_caching(definition: Definition) -> Iterator[Problem]:
    """Yield cached steps that can never hit, or that would hit although their input has changed."""
    for step in definition.steps:
        config = step.document.get("CacheConfig", {})
        if not config.get("Enabled"):
            continue
        if step.type not in CACHE_KEYS:
            yield Problem(f"{step.name}.CacheConfig", f"a {step.type} step is never cached: remove it")
            continue
        try:
            read_duration(config.get("ExpireAfter", ""))
        except ValueError as error:
            yield Problem(f"{step.name}.CacheConfig.ExpireAfter", str(error))
        yield from _check_key(step)
        yield from _check_version(step)


def _check_key(step: Step) -> Iterator[Problem]:
    keyed = tuple(f"{step.name}.Arguments.{name}" for name in CACHE_KEYS[step.type])
    for path, reference in step.references():
        if isinstance(reference, ExecutionReference) and path.startswith(keyed):
            yield Problem(
                path,
                f"Execution.{reference.variable} is in the cache key, so it can never hit: move it to an output path",
            )


def _check_version(step: Step) -> Iterator[Problem]:
    """S3 content is not in the key: whoever reads what no step wrote needs the content's version."""
    key = key_attributes(step.type, step.arguments)
    if any(VERSION_PARAMETER.fullmatch(text) for _, text in find(key.get("Environment", {}))):
        return
    for path, uri in _inputs(key, f"{step.name}.Arguments"):
        if _is_external(uri, step, path):
            yield Problem(
                path,
                "the data there can change and the cache would not notice: put a parameter called ...Version into"
                " Environment",
            )


def _inputs(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every S3 URI in *node*, literal or expression, with its path."""
    match node:
        case dict():
            for name, value in node.items():
                if name == "S3Uri":
                    yield f"{path}.{name}", value
                else:
                    yield from _inputs(value, f"{path}.{name}")
        case list():
            for index, value in enumerate(node):
                yield from _inputs(value, f"{path}[{index}]")


def _is_external(uri: Any, step: Step, path: str) -> bool:
    """Return whether *uri* is one that no step wrote; an archive named by its content cannot change."""
    references = [reference for at, reference in step.references() if at.startswith(path)]
    if not references:
        return not _CONTENT_ADDRESS.search(str(uri))
    return any(isinstance(reference, ParameterReference) for reference in references)
