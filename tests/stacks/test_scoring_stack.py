"""What the scoring stack deploys: a pipeline that new records may start, and that tells of each failure."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from settings import Scoring, ScoringStart, find_stage
from tests.stacks.event_bridge import matches, render
from tests.stacks.operated import sample
from tests.stacks.synthesis import Synthesis, changed, synthesize

PIPELINE = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/emp-bonus-scoring-pipeline-dev"


def rules(synthesis: Synthesis) -> dict[str, Any]:
    return {
        resource["Metadata"]["aws:cdk:path"].split("/", 1)[1].removesuffix("/Resource"): resource["Properties"]
        for resource in synthesis.scoring["Resources"].values()
        if resource["Type"] == "AWS::Events::Rule"
    }


def test_new_records_start_the_scoring_of_their_file_alone_when_asked(
    stages: dict[str, Synthesis], definitions: dict[str, str], scoring_definitions: dict[str, str]
) -> None:
    assert rules(stages["dev"])["NewRecordsStart"]["State"] == "DISABLED"
    scoring = Scoring(new_data_start=replace(ScoringStart(), enabled=True))
    asked = synthesize(changed("dev", scoring=scoring), definitions["dev"], scoring_definitions["dev"])
    rule = rules(asked)["NewRecordsStart"]
    assert rule["State"] == "ENABLED"
    for key, starts in (("scoring/2026/new.csv.gz", True), ("scoring/x.txt", False), ("raw/new.csv", False)):
        pattern = {"detail": {"object": rule["EventPattern"]["detail"]["object"]}}
        assert matches(pattern, {"detail": {"object": {"key": key}}}) is starts
    given = rule["Targets"][0]["SageMakerPipelineParameters"]["PipelineParameterList"]
    assert {each["Name"]: json.dumps(each["Value"]) for each in given}.keys() == {
        *("InputData", "InputFile", "DataVersion")
    }
    values = {each["Name"]: each["Value"] for each in given}
    assert values["InputFile"] == "$.detail.object.key"
    bucket = values["InputData"]["Fn::Join"][1]
    assert (bucket[0], bucket[-1]) == ("s3://", "/")
    sends = next(each for name, each in asked.storage["Resources"].items() if name.startswith("DataBucket"))
    assert sends["Properties"]["NotificationConfiguration"]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (sample("failed_step", pipelineArn=PIPELINE), ["Failed"]),
        (sample("failed_step"), []),
        (sample("stopped_execution", pipelineArn=PIPELINE), ["Unfinished"]),
    ],
)
def test_each_failure_of_the_scoring_pipeline_is_told_once(
    stages: dict[str, Synthesis], event: dict[str, Any], told: list[str]
) -> None:
    deployed = copy.deepcopy(rules(stages["dev"]))  # other tests look at the template, too
    found = {name.rpartition("/")[2]: rule for name, rule in deployed.items() if "Notifications" in name}
    assert found.keys() == {"Failed", "Unfinished"}
    for rule in found.values():
        rule["EventPattern"]["detail"]["pipelineArn"] = [PIPELINE]  # a join of what CloudFormation knows
    assert [name for name, rule in found.items() if matches(rule["EventPattern"], event)] == told
    for name in told:
        lines = render(found[name]["Targets"][0]["InputTransformer"], event)
        assert "[dev]" in lines
        assert "failed-execution.md" in lines


def test_stage_without_scoring_leaves_no_trace_of_it_in_the_key(definitions: dict[str, str]) -> None:
    without = synthesize(replace(find_stage("dev"), scoring=None), definitions["dev"])
    assert "emp-bonus-dev-scoring" not in json.dumps(without.storage)
