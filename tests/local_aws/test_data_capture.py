"""An endpoint's answers are kept where its configuration says, as far as the model's role may write there."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.iam.errors import AccessDeniedError
from local_aws.iam.roles import Session
from local_aws.sagemaker.data_capture import capture
from tests.local_aws.fake_s3 import FakeS3
from tests.local_aws.iam_roles import allow, make_role

SAGEMAKER = "sagemaker.amazonaws.com"
KEEPING = allow("s3:PutObject", "arn:aws:s3:::data/capture/*")
CONFIG = {
    "EnableCapture": True,
    "DestinationS3Uri": "s3://data/capture",
    "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/0",
    "CaptureOptions": [{"CaptureMode": "Output"}],
    "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
}


class BucketOfRole(FakeS3):
    """S3 that asks IAM first."""

    session: Session

    def put_object(self, *, Bucket: str, Key: str, **more: Any) -> None:  # noqa: N803  the service's names
        try:
            self.session.require("s3:PutObject", f"arn:aws:s3:::{Bucket}/{Key}")
        except AccessDeniedError as error:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": str(error)}}, "PutObject") from error
        super().put_object(Bucket=Bucket, Key=Key, **more)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> BucketOfRole:
    found = BucketOfRole()

    def client(session: Session, _service: str) -> BucketOfRole:
        found.session = session
        return found

    monkeypatch.setattr(Session, "client", client)
    return found


def answer(*contents: str, role: str, **config: Any) -> None:
    endpoint = {"EndpointName": "bonus", "EndpointArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/bonus"}
    for content in contents:
        capture(endpoint, {"DataCaptureConfig": CONFIG | config}, role, content, "application/json")


def read(bucket: FakeS3) -> list[str]:
    outputs = [json.loads(each)["captureData"]["endpointOutput"] for each in bucket.objects.values()]
    return [each["data"] for each in outputs]


def test_each_answer_is_an_object_below_the_hour_with_the_key(bucket: BucketOfRole) -> None:
    answer('{"predictions": []}', "{}", role=make_role("Serving", SAGEMAKER, KEEPING))
    assert read(bucket) == ['{"predictions": []}', "{}"]
    assert {key[: len("capture/bonus/AllTraffic/20")] for _, key in bucket.objects} == {"capture/bonus/AllTraffic/20"}
    assert set(bucket.keys_used.values()) == {CONFIG["KmsKeyId"]}


def test_payload_is_base64_where_no_content_types_are_listed(bucket: BucketOfRole) -> None:
    answer("{}", role=make_role("Serving", SAGEMAKER, KEEPING), CaptureContentTypeHeader={}, KmsKeyId=None)
    assert read(bucket) == ["e30="]
    assert not any(bucket.keys_used.values())


@pytest.mark.parametrize("config", [{"EnableCapture": False}, {"CaptureOptions": [{"CaptureMode": "Input"}]}], ids=str)
def test_answers_that_nobody_wants_are_not_kept(bucket: BucketOfRole, config: dict[str, Any]) -> None:
    role = make_role("Serving", SAGEMAKER, KEEPING)
    answer("{}", role=role, **config)
    capture({"EndpointName": "bonus"}, {}, role, "{}", "application/json")
    assert bucket.objects == {}


@pytest.mark.parametrize(
    ("service", "right"),
    [
        (SAGEMAKER, allow("s3:PutObject", "arn:aws:s3:::data/predictions/*")),
        ("states.amazonaws.com", KEEPING),
    ],
    ids=["no right", "no trust"],
)
def test_role_that_may_not_write_keeps_nothing_and_says_nothing(
    bucket: BucketOfRole, service: str, right: dict[str, Any]
) -> None:
    answer("{}", role=make_role("Serving", service, right))
    assert bucket.objects == {}
