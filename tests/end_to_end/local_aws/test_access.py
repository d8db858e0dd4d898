"""IAM decides on the stand-in, too."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.clients import Credentials
from tests.end_to_end.local_aws.aws import LocalAws


@pytest.fixture
def reader(deployed: LocalAws) -> Iterator[Any]:
    """A client of SageMaker, of a user who may describe the pipeline."""
    iam = deployed.client("iam")
    iam.create_user(UserName="reader")
    arn = deployed.outputs(deployed.stage.pipeline_stack)["PipelineArn"]
    statement = {"Effect": "Allow", "Action": "sagemaker:DescribePipeline", "Resource": arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="reader", PolicyName="Read", PolicyDocument=document)
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    yield deployed.client("sagemaker", Credentials(key["AccessKeyId"], key["SecretAccessKey"]))
    iam.delete_access_key(UserName="reader", AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName="reader", PolicyName="Read")
    iam.delete_user(UserName="reader")


def test_user_may_do_what_the_policy_says_of_the_resource_and_no_more(deployed: LocalAws, reader: Any) -> None:
    name = deployed.stage.pipeline_name
    assert reader.describe_pipeline(PipelineName=name)["PipelineArn"] == deployed.pipeline()["PipelineArn"]
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.describe_pipeline(PipelineName="another")
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.delete_pipeline(PipelineName=name, ClientRequestToken="x" * 32)
