"""A path that a step reads of a property file is one that the file's schema promises."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest

from artefacts.definition.checker import DefinitionError, check_definition
from pipeline_definition.placeholders import EXAMPLES, bind
from tests.documents import SCHEMAS

SCHEMA = SCHEMAS["evaluation.json"]


@pytest.fixture
def definition(definitions: dict[str, str]) -> str:
    return bind(definitions["dev"], EXAMPLES)


def problems(definition: str, schemas: Mapping[str, Any]) -> list[str]:
    try:
        check_definition(definition, pipeline_name="bonus", schemas=schemas)
    except DefinitionError as error:
        return str(error).splitlines()
    return []


def test_paths_that_the_schema_promises_are_accepted(definition: str) -> None:
    assert problems(definition, SCHEMAS) == []


@pytest.mark.parametrize(
    "path",
    [
        "regression_metrics.r3.value",
        "gate.limits.MinimumR2.found",
        "regression_metrics.r2",
        "regression_metrics.r2.value.more",
        "regression_metrics[0].r2",
    ],
    ids=["unknown", "by a name that may be any", "an object", "below a number", "of a list"],
)
def test_path_that_the_schema_does_not_promise_is_refused_wherever_it_is_read(definition: str, path: str) -> None:
    wrong = definition.replace("regression_metrics.r2.value", path)
    text = f"evaluation.json need not have a figure {path}: read what its schema requires"
    assert problems(wrong, SCHEMAS) == [
        f"EmpBonusQualityGate.Arguments.Conditions[0].LeftValue: {text}",
        f"EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.R2.Std:Join.Values[0]: {text}",
    ]


def test_path_that_a_document_may_lack_is_refused(definition: str) -> None:
    schema = copy.deepcopy(SCHEMA)
    schema["properties"]["regression_metrics"]["required"].remove("r2")
    found = problems(definition, {**SCHEMAS, "evaluation.json": schema})
    assert found[0].endswith("need not have a figure regression_metrics.r2.value: read what its schema requires")


def test_property_file_without_a_schema_is_named(definition: str) -> None:
    found = problems(definition, {"report.json": SCHEMA})
    assert found[0].endswith("LeftValue: evaluation.json has no schema: describe it beside report.json")


def test_undeclared_property_file_is_named_by_the_rule_of_references_only(definition: str) -> None:
    document = json.loads(definition)
    del next(each for each in document["Steps"] if each["Name"] == "EmpBonusEvaluation")["PropertyFiles"]
    found = problems(json.dumps(document), SCHEMAS)
    assert found
    assert all("is not a property file of the step" in problem for problem in found)
