"""The chapters: deploy, run, approve, refuse, roll back, keep to the schedule, destroy."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Console

from local_aws.demo import inbox
from local_aws.demo.session import POLL_S, ROOT, DemoError, DemoSession
from local_aws.server_control import Server

SAMPLE = ROOT / "data" / "mock_data.csv"
TIMEOUT_S = 90.0
"""A minute of the schedule, and some more."""


def run_demo(server: Server) -> None:
    """Run all chapters on a fresh *server*, printing a line for each; raise `DemoError` where one fails."""
    console = Console(highlight=False)
    server.stop()  # what an earlier demonstration left
    server.start()
    try:
        session = DemoSession(server.environment(), server.folder / "assembly")
        for number, (title, chapter) in enumerate(CHAPTERS.items(), start=1):
            started = time.monotonic()
            with console.status(title):
                lines = list(chapter(session))
            took = f"{time.monotonic() - started:5.1f} s"
            console.print(f"{number:2}/{len(CHAPTERS)} {took}  [bold]{title}[/bold]")
            for line in lines:
                console.print(f"               {line}", markup=False, soft_wrap=True)
    finally:
        server.stop()


def synthesize(session: DemoSession) -> Iterator[str]:
    """Make the assembly for the account that is known, with every check."""
    session.cdk("synth", "--quiet", "--context", "stage=dev", "--output", session.assembly)
    yield " and ".join(session.stacks)


def bootstrap(session: DemoSession) -> Iterator[str]:
    """Make what the CDK deploys with."""
    session.cdk("bootstrap", "--app", session.assembly)
    yield f"account {session.client('sts').get_caller_identity()['Account']}, {session.environment['AWS_ENDPOINT_URL']}"


def deploy(session: DemoSession) -> Iterator[str]:
    """Deploy; from now on the schedule starts the pipeline each minute, and a queue gets what the topic sends."""
    session.cdk("deploy", *session.stacks, "--app", session.assembly, "--require-approval", "never")
    yield from (f"{name} = {value}" for name, value in session.outputs.items())
    _schedule(session, "ENABLED")
    inbox.subscribe(session.client, session.resource("AWS::SNS::Topic"))


def deploy_again(session: DemoSession) -> Iterator[str]:
    """Deploy what is deployed."""
    said = session.cdk("deploy", *session.stacks, "--app", session.assembly, "--require-approval", "never")
    if said.count("(no changes)") != len(session.stacks):
        raise DemoError(said)
    yield "no changes"


def execute(session: DemoSession) -> Iterator[str]:
    """Upload data, and run the pipeline on it."""
    bucket, key = session.outputs["DataBucketName"], f"raw/demo/{SAMPLE.name}"
    session.client("s3").upload_file(str(SAMPLE), bucket, key)
    yield f"uploaded s3://{bucket}/{key}"
    yield from _run(session, "Succeeded", DataVersion="first")


def approve(session: DemoSession) -> Iterator[str]:
    """Approve what was registered."""
    sagemaker = session.client("sagemaker")
    (package,) = sagemaker.list_model_packages(ModelPackageGroupName=session.outputs["ModelPackageGroupArn"])[
        "ModelPackageSummaryList"
    ]
    arn = package["ModelPackageArn"]
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    status = sagemaker.describe_model_package(ModelPackageName=arn)["ModelApprovalStatus"]
    yield f"{arn} was {package['ModelApprovalStatus']}, is {status}"


def refuse(session: DemoSession) -> Iterator[str]:
    """Run on the same data again: the new model is no better than the one that is approved."""
    yield from _run(session, "Failed", DataVersion="second")
    queue = session.client("sqs").get_queue_url(QueueName=inbox.NAME)["QueueUrl"]
    message = inbox.receive(session.client, queue, "REJECTED", TIMEOUT_S)
    if message is None:
        raise DemoError("the topic's subscriber received nothing")
    yield "the topic's subscriber receives:"
    yield from message.splitlines()


def roll_back(session: DemoSession) -> Iterator[str]:
    """Update the pipeline together with a resource that cannot be made."""
    stack, before = session.pipeline_stack, _definition(session)
    broken = _broken(session, json.loads((session.assembly / f"{stack}.template.json").read_text(encoding="utf-8")))
    outputs = session.describe_stack("CDKToolkit")["Outputs"]
    (bucket,) = (each["OutputValue"] for each in outputs if each["OutputKey"] == "BucketName")
    session.client("s3").put_object(Bucket=bucket, Key="broken.json", Body=json.dumps(broken).encode())
    url = f"{session.environment['AWS_ENDPOINT_URL']}/{bucket}/broken.json"
    session.client("cloudformation").update_stack(StackName=stack, TemplateURL=url, Capabilities=["CAPABILITY_IAM"])
    while (status := session.describe_stack(stack)["StackStatus"]).endswith("IN_PROGRESS"):
        time.sleep(POLL_S)
    if status != "UPDATE_ROLLBACK_COMPLETE" or _definition(session) != before:
        raise DemoError(
            f"{stack} is {status}, which is not the rollback that was expected, or its definition is another"
        )
    yield f"{stack} is {status}, the definition is the one from before"


def keep_to_schedule(session: DemoSession) -> Iterator[str]:
    """Look at what the schedule has started meanwhile, with the event's time as the version of the data."""
    deadline = time.monotonic() + TIMEOUT_S
    while not (found := [arn for arn, version in _data_versions(session) if version.endswith("Z")]):
        if time.monotonic() > deadline:
            raise DemoError("the schedule has started nothing")
        time.sleep(POLL_S)
    _schedule(session, "DISABLED")
    for arn in found:
        yield f"{arn} {session.wait(arn)}"
        yield from (
            f"{step['StepName']}: {step['FailureReason']}" for step in session.steps(arn) if "FailureReason" in step
        )


def destroy(session: DemoSession) -> Iterator[str]:
    """Destroy the stacks; data and models stay."""
    bucket, group = session.outputs["DataBucketName"], session.outputs["ModelPackageGroupArn"]
    session.cdk("destroy", *session.stacks, "--app", session.assembly, "--force")
    objects = session.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"]
    packages = session.client("sagemaker").list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]
    yield f"{bucket} stays, with {objects} objects"
    yield f"{group} stays, versions: {len(packages)}"


CHAPTERS: Mapping[str, Callable[[DemoSession], Iterator[str]]] = {
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


def _schedule(session: DemoSession, state: str) -> None:
    rule = session.resource("AWS::Events::Rule", "ScheduledStart")
    session.client("events").put_rule(Name=rule, ScheduleExpression="rate(1 minute)", State=state)


def _run(session: DemoSession, expected: str, **parameters: str) -> Iterator[str]:
    execution = session.start(InputData=f"s3://{session.outputs['DataBucketName']}/raw/demo/", **parameters)
    status = session.wait(execution)
    for step in session.steps(execution):
        took = (step["EndTime"] - step["StartTime"]).total_seconds()
        reason = step.get("FailureReason", "")
        yield f"{step['StepName']:24} {step['StepStatus']:10} {took:4.1f} s  {reason}".rstrip()
    if status != expected:
        raise DemoError(f"{execution} is {status}, not {expected}: {session.steps(execution)}")


def _definition(session: DemoSession) -> str:
    return str(
        session.client("sagemaker").describe_pipeline(PipelineName=session.outputs["PipelineName"])[
            "PipelineDefinition"
        ]
    )


def _broken(session: DemoSession, template: dict[str, Any]) -> dict[str, Any]:
    """Return *template* with a pipeline that trains longer, and with a group whose name is taken."""
    resources = template["Resources"]
    ((name, pipeline),) = (each for each in resources.items() if each[1]["Type"] == "AWS::SageMaker::Pipeline")
    lines = pipeline["Properties"]["PipelineDefinition"]["PipelineDefinitionBody"]["Fn::Join"][1]
    (epochs,) = (row for row, line in enumerate(lines) if '"epochs"' in line)
    lines[epochs] = lines[epochs].replace("10", "11")
    taken = {"ModelPackageGroupName": session.outputs["ModelPackageGroupArn"].rpartition("/")[2]}
    # It comes after the pipeline, which is then updated already.
    resources["Taken"] = {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": taken, "DependsOn": name}
    return template


def _data_versions(session: DemoSession) -> Iterator[tuple[str, str]]:
    """Yield the ARN of each execution, with the version of its data."""
    sagemaker = session.client("sagemaker")
    found = sagemaker.list_pipeline_executions(PipelineName=session.outputs["PipelineName"])
    for each in found["PipelineExecutionSummaries"]:
        arn = each["PipelineExecutionArn"]
        parameters = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
        yield arn, next(each["Value"] for each in parameters if each["Name"] == "DataVersion")
