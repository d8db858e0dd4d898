"""Which of the calls that the stage needs to make are made on the stand-in, and which are not."""

from collections.abc import Mapping
from typing import NamedTuple

from artefacts.iam.evaluator import Request
from artefacts.iam.patterns import matches
from tests.security import sources
from tests.security.sources import Source

Row = tuple[str, str, str]
"""Patterns of the action, the caller and the resource."""


class Made(NamedTuple):
    """A call that the stand-in makes."""

    when: str
    source: Source
    """How it is known that AWS makes it."""


MADE: Mapping[Row, Made] = {
    ("sts:AssumeRole", "sagemaker.amazonaws.com", "*"): Made(
        "an execution takes its own role, and that of the jobs", sources.DEPUTY
    ),
    ("sts:AssumeRole", "events.amazonaws.com", "*"): Made("a rule takes the role of its target", sources.EVENT_ROLE),
    ("sagemaker:StartPipelineExecution", "*", "*"): Made("a rule starts the pipeline", sources.EVENT_ROLE),
    ("iam:PassRole", "*", "*"): Made("a step gives its job a role", sources.PASSING),
    ("sagemaker:Create*Job", "*", "*"): Made("a step starts its job", sources.JOBS),
    ("sagemaker:Describe*Job", "*", "*"): Made("a step waits for its job", sources.JOBS),
    ("sagemaker:AddTags", "*", "*-job/*"): Made("a step's job is tagged as it is made", sources.TAGS),
    ("lambda:InvokeFunction", "*", "*"): Made("a step asks for the champion", sources.FUNCTION_CALLS),
    ("s3:ListBucket", "*", "*"): Made("a job looks for its input", sources.JOB_DATA),
    ("s3:GetObject", "*JobRole*", "*"): Made("a job reads its input", sources.JOB_DATA),
    ("s3:GetObject", "*PipelineRole*", "*/evaluation/*.json"): Made(
        "the gate reads figures, and a card is joined of them", sources.PROPERTY_FILES
    ),
    ("s3:GetObject", "*PipelineRole*", "*/serving/model.tar.gz"): Made(
        "what serves raw records is registered", sources.SERVING_ARTEFACT
    ),
    ("s3:GetObject", "*PipelineRole*", "*/sample_payload.tar.gz"): Made(
        "a sample payload is registered", sources.SAMPLE_PAYLOAD
    ),
    ("s3:GetObject", "*PipelineRole*", "*/output/model.tar.gz"): Made("an artefact is registered", sources.ARTEFACT),
    ("s3:GetObject", "*Approvers*", "*"): Made("whoever approves reads figures", sources.FIGURES),
    ("s3:PutObject", "*:role/*", "*"): Made("a job writes its output", sources.JOB_DATA),
    ("sagemaker:CreateModelPackageGroup", "*", "*/Emp*"): Made(
        "a model is registered, whose group is there", sources.GROUP
    ),
    ("sagemaker:CreateModelPackage", "*", "*:model-package/Emp*"): Made("a model is registered", sources.REGISTRATION),
    ("sagemaker:AddTags", "*", "*:model-package*/Emp*"): Made(
        "both of these are tagged as they are made", sources.TAGS
    ),
    ("sagemaker:ListModelPackages", "*", "*:model-package/Emp*"): Made(
        "the function and whoever approves look around", sources.LISTING
    ),
    ("sagemaker:DescribeModelPackage", "*", "*:model-package/emp*"): Made(
        "a version was registered, and the function and whoever approves look closer", sources.SPELLING
    ),
    ("sagemaker:UpdateModelPackage", "*", "*:model-package/emp*"): Made(
        "somebody approves, or rejects", sources.SPELLING
    ),
    ("sns:Publish", "events.amazonaws.com", "*"): Made(
        "a rule tells of an execution that did not end well", sources.TOPIC_EVENTS
    ),
    ("sqs:SendMessage", "events.amazonaws.com", "*"): Made(
        "a start that could not be delivered is kept", sources.DEAD_LETTERS
    ),
}

_AS_CREATED = "the group is named as it was created"
_IN_LOWER_CASE = "the ARN of a version is in lower case"

NOT_MADE: Mapping[Row, str] = {
    ("sts:AssumeRole", "lambda.amazonaws.com", "*"): "MiniStack gives a function its role unasked",
    ("kms:*", "*", "*"): "MiniStack asks for no right on a key",
    ("logs:*", "*", "*"): "jobs log into files, and MiniStack writes a function's log itself",
    ("ecr:*", "*", "*"): "jobs run without their images",
    ("cloudwatch:PutMetricData", "*", "*"): "there are no metrics of jobs",
    ("sagemaker:Stop*Job", "*", "*"): "the stand-in ends the processes of jobs itself",
    ("sagemaker:DescribeModelPackage", "*", "*:model-package/Emp*"): _IN_LOWER_CASE,
    ("sagemaker:UpdateModelPackage", "*", "*:model-package/Emp*"): _IN_LOWER_CASE,
    ("sagemaker:CreateModelPackageGroup", "*", "*/emp*"): _AS_CREATED,
    ("sagemaker:CreateModelPackage", "*", "*/emp*"): _AS_CREATED,
    ("sagemaker:AddTags", "*", "*:model-package*/emp*"): _AS_CREATED,
    ("sagemaker:ListModelPackages", "*", "*/emp*"): _AS_CREATED,
    ("sagemaker:CreateModelPackage", "*", "*:model-package-group/Emp*"): "the records have the version",
    ("sagemaker:ListModelPackages", "*", "*:model-package-group/Emp*"): "the records have the versions",
    ("s3:AbortMultipartUpload", "*", "*"): "objects are written in one piece",
    ("s3:PutObject", "logging.s3.amazonaws.com", "*"): "MiniStack logs no accesses",
    ("sns:Publish", "cloudwatch.amazonaws.com", "*"): "alarms have no data",
}
"""With why: these rights stay unproved here, and the proof over the templates is all there is."""


def rows(calls: Mapping[Row, object], request: Request) -> list[Row]:
    """Return the rows of *calls* that *request* is one of."""
    parts = (request.action, request.caller, request.resource)
    return [row for row in calls if all(map(matches, row, parts))]
