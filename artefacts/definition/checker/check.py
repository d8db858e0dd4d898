"""All rules, applied to one definition."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn

from artefacts.definition.checker.algorithms import check_content_types
from artefacts.definition.checker.arguments import check_arguments
from artefacts.definition.checker.caching import check_caching
from artefacts.definition.checker.control import check_conditions, check_lambdas, check_messages
from artefacts.definition.checker.document import NO_SCHEMAS, Definition, Schemas
from artefacts.definition.checker.expressions import check_expressions
from artefacts.definition.checker.graph import check_order, check_steps
from artefacts.definition.checker.jobs import (
    check_distribution,
    check_folders,
    check_job_names,
    check_retries,
    check_runtimes,
)
from artefacts.definition.checker.model_card import check_model_card
from artefacts.definition.checker.outputs import check_outputs
from artefacts.definition.checker.parameters import check_parameters
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.property_paths import check_property_paths
from artefacts.definition.checker.protection import check_isolation, check_keys, check_volume_keys
from artefacts.definition.checker.references import check_property_files, check_references, check_unused_parameters
from artefacts.definition.checker.registration import check_registration
from artefacts.definition.checker.service_model import faults, service
from artefacts.definition.checker.structure import check_structure

Rule = Callable[[Definition], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    check_parameters,
    check_unused_parameters,
    check_steps,
    check_order,
    check_references,
    check_property_files,
    check_property_paths,
    check_arguments,
    check_content_types,
    check_registration,
    check_model_card,
    check_outputs,
    check_caching,
    check_retries,
    check_runtimes,
    check_job_names,
    check_folders,
    check_distribution,
    check_keys,
    check_volume_keys,
    check_isolation,
    check_conditions,
    check_messages,
    check_lambdas,
)


class DefinitionError(ValueError):
    """A definition with problems, one a line."""


def check_definition(body: str, *, pipeline_name: str, schemas: Schemas = NO_SCHEMAS) -> None:
    """Raise `DefinitionError` with everything that is wrong in *body*, whose placeholders are bound.

    *schemas* are those of its property files.

    >>> print(*find_problems('{"Version": "2020-12-01", "Steps": []}', "bonus"))
    Definition.Steps: [] should be non-empty: give at least one
    """
    problems = list(find_problems(body, pipeline_name, schemas))
    if problems:
        raise DefinitionError("\n".join(map(str, problems)))


def find_problems(body: str, pipeline_name: str, schemas: Schemas = NO_SCHEMAS) -> Iterator[Problem]:
    """Yield everything that is wrong in *body*: in its form, and where that is sound, in what it says."""
    yield from (Problem("PipelineName", fault) for fault in faults(pipeline_name, service().shape_for("PipelineName")))
    most = service().shape_for("PipelineDefinition").metadata["max"]
    if len(body) > most:
        yield Problem("Definition", f"{len(body)} characters: write at most {most}")
    if "${" in body:
        yield Problem("Definition", f"{body[body.index('${') :].partition('}')[0]}}} is not bound: give it a value")
    try:
        document = json.loads(body, parse_constant=_refuse)
    except ValueError as error:
        yield Problem("Definition", f"it is no JSON, {error}: write it as RFC 8259 says")
        return
    malformed = list(check_structure(document))
    if not malformed:
        malformed = list(check_expressions(Definition.of(document)))
    yield from malformed
    if not malformed:
        yield from (problem for rule in RULES for problem in rule(Definition.of(document, schemas)))


def _refuse(constant: str) -> NoReturn:
    """Python reads and writes NaN and Infinity; JSON has neither, and the service refuses them."""
    raise ValueError(f"{constant} is no number")
