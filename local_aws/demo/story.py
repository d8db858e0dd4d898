"""The chapters: deploy, run, approve, refuse, roll back, keep to the schedule, destroy."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Console

from local_aws.demo import inbox
from local_aws.demo.user import POLL_S, ROOT, StoryError, User
from local_aws.server_control import Server

SAMPLE = ROOT / "data" / "mock_data.csv"
PATIENCE_S = 90.0
"""A minute of the schedule, and some more."""


def tell(server: Server) -> None:
    """Tell all of it on a fresh *server*, a chapter a line; raise `StoryError` where it does not go on."""
    console = Console(highlight=False)
    server.stop()  # what an earlier telling left
    server.start()
    try:
        user = User(server.environment(), server.folder / "assembly")
        for number, (title, chapter) in enumerate(CHAPTERS.items(), start=1):
            started = time.monotonic()
            with console.status(title):
                lines = list(chapter(user))
            took = f"{time.monotonic() - started:5.1f} s"
            console.print(f"{number:2}/{len(CHAPTERS)} {took}  [bold]{title}[/bold]")
            for line in lines:
                console.print(f"               {line}", markup=False, soft_wrap=True)
    finally:
        server.stop()


def synthesize(user: User) -> Iterator[str]:
    """Make the assembly for the account that is known, with every check."""
    user.cdk("synth", "--quiet", "--context", "stage=dev", "--output", user.assembly)
    yield " and ".join(user.stacks)


def bootstrap(user: User) -> Iterator[str]:
    """Make what the CDK deploys with."""
    user.cdk("bootstrap", "--app", user.assembly)
    yield f"account {user.client('sts').get_caller_identity()['Account']}, {user.environment['AWS_ENDPOINT_URL']}"


def deploy(user: User) -> Iterator[str]:
    """Deploy; from now on the schedule starts the pipeline each minute, and a queue gets what the topic sends."""
    user.cdk("deploy", *user.stacks, "--app", user.assembly, "--require-approval", "never")
    yield from (f"{name} = {value}" for name, value in user.outputs.items())
    _schedule(user, "ENABLED")
    inbox.subscribe(user.client, user.resource("AWS::SNS::Topic"))


def deploy_again(user: User) -> Iterator[str]:
    """Deploy what is deployed."""
    said = user.cdk("deploy", *user.stacks, "--app", user.assembly, "--require-approval", "never")
    if said.count("(no changes)") != len(user.stacks):
        raise StoryError(said)
    yield "no changes"


def execute(user: User) -> Iterator[str]:
    """Upload data, and run the pipeline on it."""
    bucket, key = user.outputs["DataBucketName"], f"raw/demo/{SAMPLE.name}"
    user.client("s3").upload_file(str(SAMPLE), bucket, key)
    yield f"uploaded s3://{bucket}/{key}"
    yield from _run(user, "Succeeded", DataVersion="first")


def approve(user: User) -> Iterator[str]:
    """Approve what was registered."""
    sagemaker = user.client("sagemaker")
    (package,) = sagemaker.list_model_packages(ModelPackageGroupName=user.outputs["ModelPackageGroupArn"])[
        "ModelPackageSummaryList"
    ]
    arn = package["ModelPackageArn"]
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    status = sagemaker.describe_model_package(ModelPackageName=arn)["ModelApprovalStatus"]
    yield f"{arn} was {package['ModelApprovalStatus']}, is {status}"


def refuse(user: User) -> Iterator[str]:
    """Run on the same data again: the new model is no better than the one that is approved."""
    yield from _run(user, "Failed", DataVersion="second")
    queue = user.client("sqs").get_queue_url(QueueName=inbox.NAME)["QueueUrl"]
    message = inbox.receive(user.client, queue, "REJECTED", PATIENCE_S)
    if message is None:
        raise StoryError("the topic's subscriber was told nothing")
    yield "the topic's subscriber is told:"
    yield from message.splitlines()


def roll_back(user: User) -> Iterator[str]:
    """Update the pipeline together with a resource that cannot be made."""
    stack, before = user.stacks[-1], _definition(user)
    broken = _broken(user, json.loads((user.assembly / f"{stack}.template.json").read_text(encoding="utf-8")))
    outputs = user.describe_stack("CDKToolkit")["Outputs"]
    (bucket,) = (each["OutputValue"] for each in outputs if each["OutputKey"] == "BucketName")
    user.client("s3").put_object(Bucket=bucket, Key="broken.json", Body=json.dumps(broken).encode())
    url = f"{user.environment['AWS_ENDPOINT_URL']}/{bucket}/broken.json"
    user.client("cloudformation").update_stack(StackName=stack, TemplateURL=url, Capabilities=["CAPABILITY_IAM"])
    while (status := user.describe_stack(stack)["StackStatus"]).endswith("IN_PROGRESS"):
        time.sleep(POLL_S)
    if status != "UPDATE_ROLLBACK_COMPLETE" or _definition(user) != before:
        raise StoryError(f"{stack} is {status}, which is not the rollback of the story, or its definition is another")
    yield f"{stack} is {status}, the definition is the one from before"


def keep_to_schedule(user: User) -> Iterator[str]:
    """Look at what the schedule has started meanwhile, with the event's time as the version of the data."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := [arn for arn, version in _data_versions(user) if version.endswith("Z")]):
        if time.monotonic() > deadline:
            raise StoryError("the schedule has started nothing")
        time.sleep(POLL_S)
    _schedule(user, "DISABLED")
    for arn in found:
        yield f"{arn} {user.wait(arn)}"
        yield from (
            f"{step['StepName']}: {step['FailureReason']}" for step in user.steps(arn) if "FailureReason" in step
        )


def destroy(user: User) -> Iterator[str]:
    """Destroy the stacks; data and models stay."""
    bucket, group = user.outputs["DataBucketName"], user.outputs["ModelPackageGroupArn"]
    user.cdk("destroy", *user.stacks, "--app", user.assembly, "--force")
    objects = user.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"]
    packages = user.client("sagemaker").list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]
    yield f"{bucket} stays, with {objects} objects"
    yield f"{group} stays, versions: {len(packages)}"


CHAPTERS: Mapping[str, Callable[[User], Iterator[str]]] = {
    "cdk synth, with every check": synthesize,
    "cdk bootstrap": bootstrap,
    "cdk deploy; the schedule is set to each minute": deploy,
    "cdk deploy again": deploy_again,
    "upload data, run the pipeline": execute,
    "approve the model": approve,
    "run on the same data again: no better than the approved one": refuse,
    "an update that fails is rolled back": roll_back,
    "the schedule has started the pipeline": keep_to_schedule,
    "cdk destroy": destroy,
}


def _schedule(user: User, state: str) -> None:
    rule = user.resource("AWS::Events::Rule", "ScheduledStart")
    user.client("events").put_rule(Name=rule, ScheduleExpression="rate(1 minute)", State=state)


def _run(user: User, expected: str, **parameters: str) -> Iterator[str]:
    execution = user.start(InputData=f"s3://{user.outputs['DataBucketName']}/raw/demo/", **parameters)
    status = user.wait(execution)
    for step in user.steps(execution):
        took = (step["EndTime"] - step["StartTime"]).total_seconds()
        reason = step.get("FailureReason", "")
        yield f"{step['StepName']:24} {step['StepStatus']:10} {took:4.1f} s  {reason}".rstrip()
    if status != expected:
        raise StoryError(f"{execution} is {status}, not {expected}: {user.steps(execution)}")


def _definition(user: User) -> str:
    return str(
        user.client("sagemaker").describe_pipeline(PipelineName=user.outputs["PipelineName"])["PipelineDefinition"]
    )


def _broken(user: User, template: dict[str, Any]) -> dict[str, Any]:
    """Return *template* with a pipeline that trains longer, and with a group whose name is taken."""
    resources = template["Resources"]
    ((name, pipeline),) = (each for each in resources.items() if each[1]["Type"] == "AWS::SageMaker::Pipeline")
    lines = pipeline["Properties"]["PipelineDefinition"]["PipelineDefinitionBody"]["Fn::Join"][1]
    (epochs,) = (row for row, line in enumerate(lines) if '"epochs"' in line)
    lines[epochs] = lines[epochs].replace("10", "11")
    taken = {"ModelPackageGroupName": user.outputs["ModelPackageGroupArn"].rpartition("/")[2]}
    # It comes after the pipeline, which is then updated already.
    resources["Taken"] = {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": taken, "DependsOn": name}
    return template


def _data_versions(user: User) -> Iterator[tuple[str, str]]:
    """Yield the ARN of each execution, with the version of its data."""
    sagemaker = user.client("sagemaker")
    found = sagemaker.list_pipeline_executions(PipelineName=user.outputs["PipelineName"])
    for each in found["PipelineExecutionSummaries"]:
        arn = each["PipelineExecutionArn"]
        parameters = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
        yield arn, next(each["Value"] for each in parameters if each["Name"] == "DataVersion")
