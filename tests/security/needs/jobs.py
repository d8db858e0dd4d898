"""What the jobs' role needs while a job runs."""

import re
from collections.abc import Iterable, Iterator

from artefacts.definition.graph import Step
from artefacts.iam.evaluator import Request
from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.execution import Execution, Members
from tests.security.needs.encryption import needs_of_object, needs_of_volume
from tests.security.needs.locations import bucket_arn, example_object, object_arn
from tests.security.needs.need import Need
from tests.security.needs.steps import members

JOB_STEPS = {"Processing": "ProcessingJobs", "Training": "TrainingJobs", "Tuning": "TrainingJobs"}
"""Type of a step that starts jobs -> what their logs and metrics are filed under."""

# "CreateNetworkInterface" and the like must stay without conditions: they are made before the job is known.
NETWORK_ACTIONS = (
    "CreateNetworkInterface",
    "CreateNetworkInterfacePermission",
    "DeleteNetworkInterface",
    "DeleteNetworkInterfacePermission",
    "DescribeDhcpOptions",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeVpcs",
)

_IMAGE = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^:@]+)[:@].+")


def needs_of_job(application: DeployedStage, execution: Execution, step: Step) -> Iterator[Need]:
    """Yield what the role of *step*'s job needs."""
    arguments = execution.arguments(step)
    (role,) = members(arguments, "RoleArn")
    job = execution.job_name(step) + ("-001-0a1b2c3d" if step.type == "Tuning" else "")
    for name, uri in _inputs(arguments):
        yield from _reading(application, step, role, name, uri)
    for name, uri, key in _outputs(arguments, job):
        yield from _writing(application, step, role, (name, uri, key))
    yield from needs_to_pull(role, step.name, (*members(arguments, "ImageUri"), *members(arguments, "TrainingImage")))
    yield from _telling(application, step, role, job)
    for key in members(arguments, "VolumeKmsKeyId"):
        yield from needs_of_volume(application, f"{step.name}'s job", role, key)
    if any(members(arguments, "Subnets")):
        for action in NETWORK_ACTIONS:
            yield Need(f"{step.name}: join the VPC", sources.NETWORKS, Request(role, f"ec2:{action}"))


def _inputs(arguments: Members) -> Iterator[tuple[str, str]]:
    for each in arguments.get("ProcessingInputs", ()):
        yield each["InputName"], each["S3Input"]["S3Uri"]
    for channels in members(arguments, "InputDataConfig"):
        for each in channels:
            yield each["ChannelName"], each["DataSource"]["S3DataSource"]["S3Uri"]


def _outputs(arguments: Members, job: str) -> Iterator[tuple[str, str, str]]:
    for config in members(arguments, "ProcessingOutputConfig"):
        for each in config["Outputs"]:
            yield each["OutputName"], each["S3Output"]["S3Uri"], config.get("KmsKeyId", "")
    for config in members(arguments, "OutputDataConfig"):
        yield "the model", f"{config['S3OutputPath']}/{job}/output/model.tar.gz", config.get("KmsKeyId", "")


def _reading(application: DeployedStage, step: Step, role: str, name: str, uri: str) -> Iterator[Need]:
    prefix = object_arn(uri).partition("/")[2]
    listing = Request(role, "s3:ListBucket", bucket_arn(uri), {"s3:prefix": prefix})
    yield Need(f"{step.name}: list {name}", sources.JOB_DATA, listing)
    getting = Request(role, "s3:GetObject", example_object(uri))
    reading = Need(f"{step.name}: read {name}", sources.JOB_DATA, getting)
    yield from needs_of_object(application, reading)


def _writing(application: DeployedStage, step: Step, role: str, output: tuple[str, str, str]) -> Iterator[Need]:
    name, uri, key = output
    target = example_object(uri)
    writing = Need(f"{step.name}: write {name}", sources.JOB_DATA, Request(role, "s3:PutObject", target))
    yield from needs_of_object(application, writing, key)
    giving_up = Request(role, "s3:AbortMultipartUpload", target)
    yield Need(f"{step.name}: give up writing {name}", sources.MULTIPART, giving_up)


def needs_to_pull(role: str, who: str, images: Iterable[str]) -> Iterator[Need]:
    """Yield what *role* needs for *who* to pull *images*."""
    yield Need(f"{who}: log in to ECR", sources.IMAGES, Request(role, "ecr:GetAuthorizationToken"))
    for image in images:
        match = _IMAGE.fullmatch(image)
        assert match, f"{image} is no image in ECR: teach jobs.py"
        account, region, name = match.groups()
        repository = f"arn:aws:ecr:{region}:{account}:repository/{name}"
        for action in ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"):
            request = Request(role, f"ecr:{action}", repository)
            yield Need(f"{who}: pull {name}", sources.IMAGES, request)


def _telling(application: DeployedStage, step: Step, role: str, job: str) -> Iterator[Need]:
    kind = JOB_STEPS[step.type]
    group = application.deployment.account.arn("logs", f"log-group:/aws/sagemaker/{kind}")
    stream = f"{group}:log-stream:{job}/algo-1-1700000000"
    for action, resource in (
        ("CreateLogGroup", group),
        ("DescribeLogStreams", group),
        ("CreateLogStream", stream),
        ("PutLogEvents", stream),
    ):
        yield Need(f"{step.name}: log", sources.JOB_LOGS, Request(role, f"logs:{action}", resource))
    metrics = {"cloudwatch:namespace": f"/aws/sagemaker/{kind}"}
    yield Need(
        f"{step.name}: report metrics", sources.JOB_METRICS, Request(role, "cloudwatch:PutMetricData", "*", metrics)
    )
