"""The parameters with which a rule starts the pipeline are checked against the pipeline's own."""

import json

import pytest

from artefacts.definition.checker import StartError, check_start

BODY = json.dumps(
    {
        "Parameters": [
            {"Name": "DataVersion", "Type": "String"},
            {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
            {"Name": "Status", "Type": "String", "DefaultValue": "No", "EnumValues": ["No", "Yes"]},
            {"Name": "Fast", "Type": "Boolean", "DefaultValue": True},
        ],
        "Steps": [
            {
                "Name": "Prepare",
                "Type": "Processing",
                "Arguments": {"ProcessingResources": {"ClusterConfig": {"InstanceCount": {"Get": "Parameters.Count"}}}},
            }
        ],
    }
)
SOUND = {"DataVersion": "$.time"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"Count": "3"},
        {"Status": "Yes"},
        {"Count": "$.detail.count"},
        {"Fast": "false"},
        {"DataVersion": "v1"},
        {"DataVersion": "$.detail-type"},
    ],
)
def test_values_that_the_pipeline_takes_pass(more: dict[str, str]) -> None:
    check_start(BODY, {**SOUND, **more}, rule="NewData", event_has_detail=True)


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({**SOUND, "Data": "x"}, "Schedule.Data: the pipeline has no such parameter: name one of DataVersion, Count"),
        ({**SOUND, "Count": "three"}, "Schedule.Count: 'three' is not of type Integer: write one that is"),
        ({**SOUND, "Count": "0"}, "Schedule.Count: 0 is less than 1: give more"),
        ({**SOUND, "Status": "Maybe"}, "Schedule.Status: 'Maybe' is not allowed: choose No, Yes"),
        ({**SOUND, "Fast": "yes"}, "Schedule.Fast: 'yes' is not of type Boolean: write one that is"),
        ({"Count": "1"}, "Schedule.DataVersion: the parameter has no default: pass a value"),
        ({"DataVersion": "at $.time"}, "Schedule.DataVersion: 'at $.time': EventBridge replaces whole values only"),
        ({"DataVersion": "$.when"}, "Schedule.DataVersion: '$.when' is not in the event: name version, id"),
        ({"DataVersion": "$.detail.object.version-id"}, "'$.detail.object.version-id' is not in the event"),
        ({"DataVersion": "x" * 1_025}, "is more than 1024 characters: shorten it"),
        ({**SOUND, "Under_score": "x"}, "'Under_score' is not a SageMakerPipelineParameterName"),
        ({**SOUND, "N" * 257: "x"}, "is more than 256 characters"),
        ({**SOUND, **{f"P{number}": "x" for number in range(200)}}, "201 parameters: pass at most 200"),
    ],
)
def test_start_that_would_fail_is_refused(parameters: dict[str, str], problem: str) -> None:
    with pytest.raises(StartError) as error:
        check_start(BODY, parameters, rule="Schedule", event_has_detail=False)
    assert problem in str(error.value)
