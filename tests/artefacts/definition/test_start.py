"""The parameters with which a rule starts the pipeline are checked against the pipeline's own."""

import json

import pytest

from artefacts.definition.checker import OBJECT_CREATED, SCHEDULED_EVENT, StartError, check_start

BODY = json.dumps(
    {
        "Parameters": [
            {"Name": "DataVersion", "Type": "String"},
            {"Name": "InputData", "Type": "String", "DefaultValue": "s3://example/raw/"},
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
        {"Count": "$.detail.object.size"},
        {"Fast": "false"},
        {"DataVersion": "v1"},
        {"DataVersion": "$.detail-type"},
        {"DataVersion": "$.detail.object.version-id"},
        {"DataVersion": "$.detail.object.size"},
        {"InputData": "s3://example/other/"},
    ],
)
def test_values_that_the_pipeline_takes_pass(more: dict[str, str]) -> None:
    check_start(BODY, {**SOUND, **more}, option="new_data_start.parameters", event=OBJECT_CREATED)


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({**SOUND, "X": "x"}, "Schedule.X: the pipeline has no such parameter: name one of DataVersion, InputData, C"),
        (
            {**SOUND, "InputDate": "x"},
            "Schedule.InputDate: the pipeline has no such parameter: did you mean InputData?",
        ),
        ({**SOUND, "Count": "three"}, "Schedule.Count: 'three' is not of type Integer: write one that is"),
        ({**SOUND, "Count": "0"}, "Schedule.Count: 0 is less than 1: give more"),
        ({**SOUND, "Status": "Maybe"}, "Schedule.Status: 'Maybe' is not allowed: choose No, Yes"),
        ({**SOUND, "Fast": "yes"}, "Schedule.Fast: 'yes' is not of type Boolean: write one that is"),
        ({"Count": "1"}, "Schedule.DataVersion: the parameter has no default: pass a value, such as '$.time'"),
        ({"DataVersion": "at $.time"}, "Schedule.DataVersion: 'at $.time': EventBridge replaces whole values only"),
        ({"DataVersion": "$.when"}, "'$.when' is not in the event: name one of $.version, $.id"),
        ({"DataVersion": "$.detail.object.version-id"}, "'$.detail.object.version-id' is not in the event"),
        ({"DataVersion": "$.time.day"}, "'$.time.day' is not in the event: name one of $.version"),
        ({**SOUND, "Count": "$.time"}, "'$.time' is a String in the event, and the parameter is of type Integer"),
        ({**SOUND, "InputData": "$.source"}, "'$.source' is no S3 URI, which the parameter is: write one, or leave"),
        ({"DataVersion": "x" * 1_025}, "is more than 1024 characters: shorten it"),
        ({**SOUND, "Under_score": "x"}, "'Under_score' is not a SageMakerPipelineParameterName"),
        ({**SOUND, "N" * 257: "x"}, "is more than 256 characters"),
        ({**SOUND, **{f"P{number}": "x" for number in range(200)}}, "201 parameters: pass at most 200"),
    ],
)
def test_start_that_would_fail_is_refused(parameters: dict[str, str], problem: str) -> None:
    with pytest.raises(StartError) as error:
        check_start(BODY, parameters, option="Schedule", event=SCHEDULED_EVENT)
    assert problem in str(error.value)


def test_path_that_the_event_of_a_new_object_does_not_have_is_refused_with_the_nearest() -> None:
    with pytest.raises(StartError, match=r"did you mean \$\.detail\.object\.version-id\?"):
        check_start(BODY, {"DataVersion": "$.detail.object.versionId"}, option="new", event=OBJECT_CREATED)
