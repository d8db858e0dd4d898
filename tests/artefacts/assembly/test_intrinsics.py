"""CloudFormation's functions are resolved as a deployment would resolve them, or refused by name."""

from typing import Any

import pytest

from artefacts.assembly import Account, AssemblyError, Templates

STORAGE = {
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}}},
    "Outputs": {"BucketName": {"Value": {"Ref": "Bucket"}, "Export": {"Name": "storage:BucketName"}}},
}
PIPELINE = {
    "Resources": {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
        "Named": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "my-bucket"}},
        "Pipeline": {"Type": "AWS::SageMaker::Pipeline", "Properties": {"PipelineName": "bonus"}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
    }
}
ROLE = "arn:aws:iam::111122223333:role/pipeline-Role"
TEMPLATES = Templates({"storage": STORAGE, "pipeline": PIPELINE}, Account("111122223333", "eu-west-1"))


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ("text", "text"),
        (3, 3),
        ([{"Ref": "AWS::Region"}, None], ["eu-west-1", None]),
        ({"Ref": "AWS::AccountId"}, "111122223333"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::StackName"}, "pipeline"),
        ({"Ref": "Named"}, "my-bucket"),
        ({"Ref": "Pipeline"}, "bonus"),
        ({"Fn::GetAtt": ["Role", "Arn"]}, ROLE),
        ({"Fn::GetAtt": ["Named", "Arn"]}, "arn:aws:s3:::my-bucket"),
        ({"Fn::GetAtt": ["Function", "Arn"]}, "arn:aws:lambda:eu-west-1:111122223333:function:pipeline-Function"),
        ({"Fn::GetAtt": ["Key", "Arn"]}, "arn:aws:kms:eu-west-1:111122223333:key/pipeline-Key"),
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]}, "a-eu-west-1"),
        (
            {"Fn::Sub": "${AWS::AccountId}/${Role.Arn}/${!Literal}"},
            f"111122223333/{ROLE}/${{Literal}}",
        ),
        ({"Fn::Sub": ["${X} ${Named}", {"X": {"Ref": "AWS::Region"}}]}, "eu-west-1 my-bucket"),
        (
            {"Fn::Join": ["\n", ["${Named}", {"Fn::Sub": ["${X} ${!Y}", {"X": {"Fn::GetAtt": ["Role", "Arn"]}}]}]]},
            f"${{Named}}\n{ROLE} ${{Y}}",
        ),
        ({"Fn::ImportValue": "storage:BucketName"}, "storage-bucket"),
        ({"Name": {"Ref": "Named"}}, {"Name": "my-bucket"}),
    ],
)
def test_function_has_its_value(node: Any, value: Any) -> None:
    assert TEMPLATES.resolve(node, "pipeline") == value


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"Fn::Select": [0, ["a"]]}, "cannot resolve Fn::Select here"),
        ({"Ref": "Nothing"}, "Nothing is no resource of stack pipeline"),
        ({"Ref": "Queue"}, "cannot resolve a Ref to Queue here: no pipeline has needed the name of an AWS::SQS::Queue"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "cannot resolve Arn of Queue here"),
        ({"Fn::ImportValue": "other:X"}, "no stack of the assembly exports other:X"),
    ],
)
def test_intrinsics_that_cannot_be_resolved_are_refused(node: Any, message: str) -> None:
    with pytest.raises(AssemblyError, match=message):
        TEMPLATES.resolve(node, "pipeline")
