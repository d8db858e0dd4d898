"""IAM decides on the stand-in, too."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.users import user


@pytest.fixture
def reader(deployed: LocalAws) -> Iterator[Any]:
    """A client of SageMaker, of a user who may describe the pipeline."""
    arn = deployed.outputs(deployed.stage.pipeline_stack)["PipelineArn"]
    with user(deployed, {"Effect": "Allow", "Action": "sagemaker:DescribePipeline", "Resource": arn}) as credentials:
        yield deployed.client("sagemaker", credentials)


def test_user_may_do_what_the_policy_says_of_the_resource_and_no_more(deployed: LocalAws, reader: Any) -> None:
    name = deployed.stage.pipeline_name
    assert reader.describe_pipeline(PipelineName=name)["PipelineArn"] == deployed.pipeline()["PipelineArn"]
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.describe_pipeline(PipelineName="another")
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.delete_pipeline(PipelineName=name, ClientRequestToken="x" * 32)
