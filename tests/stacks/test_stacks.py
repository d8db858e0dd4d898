"""What the stacks deploy: data that survives, a pipeline that can be replaced, rules that start it."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from pipeline_definition import build_definition
from pipeline_definition.placeholders import variables
from settings import STAGES, Network, NewDataStart, Schedule, Security, find_stage
from stacks.training.defined_pipeline import BindingError
from stacks.training.definition_body import join_lines
from tests.conftest import Golden
from tests.golden_files import Reviewed
from tests.stacks import definition_body
from tests.stacks.checks import CHECKS, Check, data_bucket, rule
from tests.stacks.event_bridge import matches
from tests.stacks.synthesis import Synthesis, changed, synthesize

Stages = dict[str, Synthesis]

BOTH = pytest.mark.parametrize("stage", STAGES)


@BOTH
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_stage(stages: Stages, stage: str, check: Check) -> None:
    check(stages[stage], find_stage(stage))


def test_jobs_in_a_vpc_have_a_way_to_s3() -> None:
    network = Network(
        vpc_id="vpc-0123456789abcdef0",
        subnet_ids=("subnet-0123456789abcdef0",),
        security_group_ids=("sg-0123456789abcdef0",),
        route_table_ids=("rtb-0123456789abcdef0",),
    )
    stage = changed("dev", security=Security(network=network))
    found = synthesize(stage, build_definition(stage))
    endpoint = found.one("AWS::EC2::VPCEndpoint")["Properties"]
    assert endpoint["ServiceName"] == "com.amazonaws.eu-west-1.s3"
    assert endpoint["RouteTableIds"] == ["rtb-0123456789abcdef0"]


def test_prod_is_protected_from_deletion_and_dev_is_not(stages: Stages) -> None:
    for name, expected in (("prod", True), ("dev", False)):
        stack = stages[name].manifest["artifacts"][f"emp-bonus-{name}-storage"]
        assert stack["properties"]["terminationProtection"] is expected


def test_stage_without_a_model_card_has_nothing_of_it(stages: Stages) -> None:
    stage = changed("dev", registration=replace(find_stage("dev").registration, card=None))
    without = synthesize(stage, build_definition(stage))
    for what in ("ModelCard", "model_card.json", "PropertyFiles.Card"):
        assert what in json.dumps(stages["dev"].pipeline)
        assert what not in json.dumps(without.pipeline)


def test_new_data_starts_the_pipeline_when_asked_without_another_resource(definitions: dict[str, str]) -> None:
    asked = synthesize(changed("dev", new_data_start=NewDataStart(enabled=True)), definitions["dev"])
    bucket = data_bucket(asked)
    assert bucket["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert rule(asked, find_stage("dev"), "NewDataStart")["State"] == "ENABLED"
    plain = synthesize("dev", definitions["dev"])
    for part in ("storage", "pipeline"):
        assert getattr(asked, part)["Resources"].keys() == getattr(plain, part)["Resources"].keys()


@pytest.mark.parametrize(
    ("key", "starts"),
    [
        ("raw/employees.csv", True),
        ("raw/2026/11/employees.csv.gz", True),
        ("raw/EMPLOYEES.CSV", True),
        ("raw/EMPLOYEES.CSV.gz", True),
        ("raw/", False),
        ("raw/employees.csv.tmp", False),
        ("raw/employees.xlsx", False),
        ("raw/readme.txt", False),
        ("executions/1/cleaned_data.csv", False),
        ("old/raw/employees.csv", False),
    ],
)
def test_new_data_is_a_csv_file_below_raw(stages: Stages, key: str, starts: bool) -> None:
    rules = stages["dev"].resources("AWS::Events::Rule")
    pattern = rules["emp-bonus-dev-pipeline/NewDataStart/Resource"]["Properties"]["EventPattern"]
    event = {"source": "aws.s3", "detail-type": "Object Created", "detail": {"object": {"key": key}}}
    of_any_bucket = {"object": pattern["detail"]["object"]}
    assert matches({**pattern, "detail": of_any_bucket}, event) is starts


@BOTH
def test_definition_is_in_the_template_line_by_line(stages: Stages, stage: str, definitions: dict[str, str]) -> None:
    properties = stages[stage].one("AWS::SageMaker::Pipeline")["Properties"]
    body = properties["PipelineDefinition"]["PipelineDefinitionBody"]
    definition, values = definition_body.read(body)
    assert definition == definitions[stage]
    assert values.keys() == variables(definition)
    assert body == join_lines(definition, values)


def test_placeholder_without_a_value_and_a_value_without_a_placeholder_are_refused(
    definitions: dict[str, str],
) -> None:
    with pytest.raises(BindingError, match=r"\$\{Extra\} has no value: bind it"):
        synthesize("dev", definitions["dev"].replace("${DataBucket}/raw/", "${Extra}/raw/"))
    with pytest.raises(BindingError, match=r"\$\{SplitCode\} is not in the definition: use it"):
        synthesize("dev", definitions["dev"].replace("${SplitCode}", "split.zip"))


@pytest.mark.parametrize("part", ["/raw/", "regressor"])
def test_literal_dollar_brace_is_refused_beside_a_placeholder_and_on_a_line_of_its_own(
    definitions: dict[str, str], part: str
) -> None:
    # CloudFormation would make ${Literal} of it beside a placeholder, and leave it as it is elsewhere.
    with pytest.raises(BindingError, match=r"\$\{!Literal\} has no value"):
        synthesize("dev", definitions["dev"].replace(part, f"{part}${{!Literal}}", 1))


def test_schedule_is_a_setting(definitions: dict[str, str]) -> None:
    schedule = Schedule(expression="rate(1 day)", period_hours=24, enabled=True)
    found = rule(synthesize(changed("dev", schedule=schedule), definitions["dev"]), find_stage("dev"), "ScheduledStart")
    assert (found["ScheduleExpression"], found["State"]) == ("rate(1 day)", "ENABLED")


@BOTH
@pytest.mark.parametrize("part", ["storage", "pipeline", "scoring"])
def test_template_is_the_reviewed_one(stages: Stages, golden: Golden, stage: str, part: str) -> None:
    golden.check(reviewed(stages, stage, part))


def reviewed(stages: Stages, stage: str, part: str) -> Reviewed:
    """Return a template without what a golden file leaves out, on the base of prod's."""
    template: dict[str, Any] = json.loads(json.dumps(getattr(stages[stage], part)))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::SageMaker::Pipeline":
            definition = resource["Properties"]["PipelineDefinition"]
            definition["PipelineDefinitionBody"] = definition_body.fold(definition["PipelineDefinitionBody"])
    text = json.dumps(template, indent=2) + "\n"
    text = re.sub(r"\b[0-9a-f]{64}\b", "<asset>", text)
    base = reviewed(stages, "prod", part) if stage != "prod" else None
    return Reviewed(f"{stage}/{part}.template.json", text, base)
