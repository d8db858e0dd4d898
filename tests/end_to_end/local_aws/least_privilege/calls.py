"""Which of the calls that the stage needs to make are made on the stand-in, and which are not."""

from collections.abc import Mapping

from tests.security.evaluator import Request
from tests.security.patterns import matches

Row = tuple[str, str, str]
"""Patterns of the action, the caller and the resource."""

MADE: Mapping[Row, str] = {
    ("sts:AssumeRole", "sagemaker.amazonaws.com", "*"): "an execution takes its own role, and that of the jobs",
    ("sts:AssumeRole", "events.amazonaws.com", "*"): "a rule takes the role of its target",
    ("sagemaker:StartPipelineExecution", "*", "*"): "a rule starts the pipeline",
    ("iam:PassRole", "*", "*"): "a step gives its job a role",
    ("sagemaker:Create*Job", "*", "*"): "a step starts its job",
    ("sagemaker:Describe*Job", "*", "*"): "a step waits for its job",
    ("sagemaker:AddTags", "*", "*-job/*"): "a step tags its job",
    ("lambda:InvokeFunction", "*", "*"): "a step asks for the champion",
    ("s3:ListBucket", "*", "*"): "a job looks for its input",
    ("s3:GetObject", "*", "*"): "a job reads its input, and the gate and whoever approves read figures",
    ("s3:PutObject", "*:role/*", "*"): "a job writes its output",
    ("sagemaker:CreateModelPackage", "*", "*:model-package/Emp*"): "a model is registered",
    ("sagemaker:ListModelPackages", "*", "*:model-package-group/Emp*"): "the function and whoever approves look around",
    ("sagemaker:DescribeModelPackage", "*", "*:model-package/emp*"): "the function and whoever approves look closer",
    ("sagemaker:UpdateModelPackage", "*", "*:model-package/emp*"): "somebody approves, or rejects",
    ("sns:Publish", "*:role/*", "*"): "a rule tells of an execution that did not end well",
    ("sqs:SendMessage", "events.amazonaws.com", "*"): "a start that could not be delivered is kept",
}
"""With when."""

NOT_MADE: Mapping[Row, str] = {
    ("sts:AssumeRole", "lambda.amazonaws.com", "*"): "MiniStack gives a function its role unasked",
    ("kms:*", "*", "*"): "MiniStack asks for no right on a key",
    ("logs:*", "*", "*"): "jobs log into files, and MiniStack writes a function's log itself",
    ("ecr:*", "*", "*"): "jobs run without their images",
    ("cloudwatch:PutMetricData", "*", "*"): "there are no metrics of jobs",
    ("sagemaker:Stop*Job", "*", "*"): "the stand-in ends the processes of jobs itself",
    ("sagemaker:AddTags", "*", "*:model-package*"): "the definition gives a version no tags",
    ("sagemaker:DescribeModelPackage", "*", "*:model-package/Emp*"): "the ARN of a version is in lower case",
    ("sagemaker:UpdateModelPackage", "*", "*:model-package/Emp*"): "the ARN of a version is in lower case",
    ("sagemaker:CreateModelPackage", "*", "*/emp*"): "the group is named as it was created",
    ("sagemaker:ListModelPackages", "*", "*/emp*"): "the group is named as it was created",
    (
        "sagemaker:CreateModelPackage",
        "*",
        "*:model-package-group/Emp*",
    ): "the stand-in asks for the right on the version",
    ("sagemaker:ListModelPackages", "*", "*:model-package/Emp*"): "the stand-in asks for the right on the group",
    ("s3:AbortMultipartUpload", "*", "*"): "objects are written in one piece",
    ("s3:PutObject", "logging.s3.amazonaws.com", "*"): "MiniStack logs no accesses",
    ("sns:Publish", "cloudwatch.amazonaws.com", "*"): "alarms have no data",
}
"""With why: these rights stay unproved here, and the proof over the templates is all there is."""


def rows(calls: Mapping[Row, str], request: Request) -> list[Row]:
    """Return the rows of *calls* that *request* is one of."""
    parts = (request.action, request.caller, request.resource)
    return [row for row in calls if all(map(matches, row, parts))]
