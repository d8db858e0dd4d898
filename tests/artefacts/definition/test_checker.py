"""The checker passes what is deployed and names every single defect: its path, what was found, and the remedy."""

import copy
import json
from types import ModuleType

import pytest

from artefacts.definition.checker import DefinitionError, check_definition
from pipeline_definition.placeholders import EXAMPLES, bind
from settings import STAGES
from tests.artefacts.definition.defects import (
    algorithms,
    arguments,
    caching,
    combinations,
    control,
    expressions,
    graph,
    jobs,
    outputs,
    parameters,
    protection,
    references,
    registration,
    structure,
    tuning,
)
from tests.artefacts.definition.defects.defect import Defect, Definition

NAME = "emp-bonus-training-pipeline"

MODULES = (
    structure,
    expressions,
    parameters,
    graph,
    references,
    registration,
    arguments,
    combinations,
    algorithms,
    outputs,
    caching,
    jobs,
    control,
    protection,
)


def defects_in(*modules: ModuleType) -> list[Defect]:
    return [found for module in modules for found in vars(module).values() if isinstance(found, Defect)]


@pytest.fixture(scope="session")
def sound(definitions: dict[str, str]) -> Definition:
    document: Definition = json.loads(bind(definitions["dev"], EXAMPLES))
    return document


@pytest.fixture(scope="session")
def searching(definitions: dict[str, str]) -> Definition:
    document: Definition = json.loads(bind(definitions["dev.tuning"], EXAMPLES))
    return document


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("variant", ["", ".tuning"])
def test_deployed_definitions_have_no_problem(definitions: dict[str, str], stage: str, variant: str) -> None:
    check_definition(bind(definitions[stage + variant], EXAMPLES), pipeline_name=STAGES[stage].pipeline_name)


@pytest.mark.parametrize("defect", defects_in(*MODULES), ids=str)
def test_single_defect_is_named(sound: Definition, defect: Defect) -> None:
    check_is_named(sound, defect)


@pytest.mark.parametrize("defect", defects_in(tuning), ids=str)
def test_single_defect_of_a_search_is_named(searching: Definition, defect: Defect) -> None:
    check_is_named(searching, defect)


def check_is_named(definition: Definition, defect: Defect) -> None:
    spoilt = copy.deepcopy(definition)
    defect.spoil(spoilt)
    with pytest.raises(DefinitionError) as error:
        check_definition(json.dumps(spoilt), pipeline_name=NAME)
    found = [line.partition(": ") for line in str(error.value).splitlines()]
    assert any(path.startswith(defect.path) and defect.text in text for path, _, text in found), str(error.value)


@pytest.mark.parametrize("name", ["bad_name!", "-bonus", "b" * 257, ""])
def test_pipeline_name_that_the_service_refuses_is_refused(sound: Definition, name: str) -> None:
    with pytest.raises(DefinitionError, match=r"^PipelineName: "):
        check_definition(json.dumps(sound), pipeline_name=name)


def test_definition_too_long_for_the_service_is_refused(sound: Definition) -> None:
    with pytest.raises(DefinitionError, match="characters: write at most 1048576"):
        check_definition(json.dumps(sound) + " " * 1_048_576, pipeline_name=NAME)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_number_that_is_no_json_is_refused_though_python_reads_it(sound: Definition, constant: str) -> None:
    body = json.dumps(sound).replace('"DefaultValue": ', f'"Spoilt": {constant}, "DefaultValue": ', 1)
    with pytest.raises(DefinitionError) as error:
        check_definition(body, pipeline_name=NAME)
    assert str(error.value) == f"Definition: it is no JSON, {constant} is no number: write it as RFC 8259 says"


def test_all_problems_are_named_at_once(sound: Definition) -> None:
    spoilt = copy.deepcopy(sound)
    for defect in (references.unused_parameter, caching.malformed_duration, outputs.output_without_execution):
        defect.spoil(spoilt)
    with pytest.raises(DefinitionError) as error:
        check_definition(json.dumps(spoilt), pipeline_name=NAME)
    assert len(str(error.value).splitlines()) == 3
