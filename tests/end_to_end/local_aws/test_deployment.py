"""What is deployed is what was synthesized, and then nothing is left to do."""

import json
import re
from pathlib import Path

from tests.end_to_end.local_aws.aws import LocalAws, succeeded
from tests.stacks import definition_body


def test_pipeline_that_is_deployed_is_the_one_of_the_template(deployed: LocalAws, assembly: Path) -> None:
    given = deployed.outputs(deployed.stage.pipeline_stack)
    assert given["PipelineName"] == deployed.stage.pipeline_name
    template = json.loads((assembly / f"{deployed.stage.pipeline_stack}.template.json").read_text(encoding="utf-8"))
    (pipeline,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::SageMaker::Pipeline")
    text, _ = definition_body.read(pipeline["Properties"]["PipelineDefinition"]["PipelineDefinitionBody"])
    bound = re.sub(r"\\\$\\{\w+\\}", r'[^"$]+', re.escape(text))
    assert re.fullmatch(bound, deployed.definition())
    assert deployed.outputs(deployed.stage.storage_stack)["DataBucketName"] in deployed.definition()
    tags = deployed.client("sagemaker").list_tags(ResourceArn=given["PipelineArn"])["Tags"]
    assert deployed.stage.tags.items() <= {tag["Key"]: tag["Value"] for tag in tags}.items()


def test_second_deployment_changes_nothing(deployed: LocalAws, assembly: Path) -> None:
    before = deployed.pipeline()
    told = succeeded(deployed.deploy(assembly))
    assert told.count("(no changes)") == len(deployed.stacks), told
    assert deployed.pipeline()["LastModifiedTime"] == before["LastModifiedTime"]


def test_diff_after_a_deployment_is_empty(deployed: LocalAws, assembly: Path) -> None:
    succeeded(deployed.diff(assembly, "--fail"))
