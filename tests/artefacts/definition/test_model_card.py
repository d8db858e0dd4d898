"""A definition's model card is checked before it is deployed, and read with what an execution has found."""

import copy
import json
from typing import Any

import pytest

from artefacts.definition.checker import DefinitionError, check_definition
from artefacts.definition.model_card import find_content_faults, read_card
from pipeline_definition.placeholders import EXAMPLES, bind
from tests.artefacts.definition.defects.defect import arguments
from tests.documents import SCHEMAS

PATH = "EmpBonusRegisterModel.Arguments.ModelCard.ModelCardContent"
FOUND = {"training_details": '{"training_observations": "x"}', "evaluation_details": "[]"}


@pytest.fixture
def definition(definitions: dict[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(bind(definitions["dev"], EXAMPLES))
    return document


def change(definition: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return *definition* with *old*, which is once in its card, replaced."""
    changed = copy.deepcopy(definition)
    join = arguments(changed, "RegisterModel")["ModelCard"]["ModelCardContent"]["Std:Join"]
    assert sum(value.count(old) for value in join["Values"] if isinstance(value, str)) == 1
    join["Values"] = [value.replace(old, new) if isinstance(value, str) else value for value in join["Values"]]
    return changed


def problems(definition: dict[str, Any]) -> list[str]:
    try:
        check_definition(json.dumps(definition), pipeline_name="bonus", schemas=SCHEMAS)
    except DefinitionError as error:
        return str(error).splitlines()
    return []


def test_deployed_card_has_no_problem(definition: dict[str, Any]) -> None:
    assert problems(definition) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('", "model_owner"', '" "model_owner"', "it is no JSON object, Expecting ',' delimiter"),
        ('{"model_overview"', '{"model_overview": NaN, "more"', "it is no JSON object, NaN is no number"),
        ('"Human resources"', f'"{"x" * 2_049}"', "$.business_details.line_of_business has 2,049 characters: write at"),
        ('"High"', '"high"', "$.intended_uses.risk_rating is not as its schema says, 'high' is not one of"),
        ('"line_of_business"', '"line"', "$.business_details is not as its schema says"),
        (
            '"Human resources"}',
            f'"Human resources"{" " * 45_000}}}',
            "characters, and up to 55,000 are added: write at",
        ),
    ],
)
def test_card_that_sagemaker_would_not_take_is_named(
    definition: dict[str, Any], old: str, new: str, problem: str
) -> None:
    found = problems(change(definition, old, new))
    assert any(line.startswith(f"{PATH}: ") and problem in line for line in found), found


def test_text_of_the_greatest_length_passes(definition: dict[str, Any]) -> None:
    assert problems(change(definition, '"Human resources"', f'"{"x" * 2_048}"')) == []


def test_card_is_read_with_what_the_evaluation_found(definition: dict[str, Any]) -> None:
    card = read_card(definition, FOUND)
    assert card
    assert card["intended_uses"]["risk_rating"] == "High"
    assert (card["training_details"], card["evaluation_details"]) == ({"training_observations": "x"}, [])


def test_card_of_an_execution_that_found_nothing_lacks_it(definition: dict[str, Any]) -> None:
    card = read_card(definition, {})
    assert card
    assert (card["training_details"], card["evaluation_details"]) == (None, None)


def test_definition_without_a_card_has_none(definition: dict[str, Any]) -> None:
    del arguments(definition, "RegisterModel")["ModelCard"]
    assert read_card(definition, FOUND) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "it is no JSON object, Expecting value: line 1 column 1 (char 0): write one"),
        ("[]", "it is no JSON object, but of type list: write one"),
        ('{"a": Infinity}', "it is no JSON object, Infinity is no number: write one"),
        (f'{{"a": "{"x" * 99_992}"}}', "100,001 characters: give at most 100,000"),
    ],
)
def test_content_that_no_registry_takes_is_told(text: str, fault: str) -> None:
    assert list(find_content_faults(text)) == [fault]


def test_content_of_the_greatest_length_is_taken() -> None:
    assert list(find_content_faults(f'{{"a": "{"x" * 99_991}"}}')) == []
