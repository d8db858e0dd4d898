"""Runs a processing job: inputs in, the program on every instance, outputs out."""

from collections.abc import Sequence
from typing import Any

from local_runner.container import Host
from local_runner.errors import StepFailedError
from local_runner.images import program
from local_runner.step_cache import Result
from local_runner.steps.context import Context, Task
from local_runner.steps.job import clear, job_name, make_hosts, read_text, resource_config, run_job, write_config
from local_runner.steps.request import refuse_faulty


def run_processing(task: Task, context: Context) -> Result:
    """Do what CreateProcessingJob does with the task's arguments."""
    refuse_faulty("Processing", task)
    arguments = task.arguments
    app = arguments["AppSpecification"]
    hosts = make_hosts(task.folder, arguments["ProcessingResources"]["ClusterConfig"]["InstanceCount"])
    for host in hosts:
        write_config(host, "/opt/ml/config/resourceconfig.json", resource_config(host, hosts))
        write_config(host, "/opt/ml/config/processingjobconfig.json", arguments)
        for each in arguments.get("ProcessingInputs", []):
            context.store.download(each["S3Input"]["S3Uri"], host.path(each["S3Input"]["LocalPath"]))
    words = [*app["ContainerEntrypoint"], *app.get("ContainerArguments", [])]
    programs = dict.fromkeys(hosts, program(app["ImageUri"], words, arguments.get("Environment", {})))
    name = job_name(arguments["ProcessingJobName"], context)
    arn = context.account.arn("sagemaker", f"processing-job/{name}")
    metadata = {"ProcessingJob": {"Arn": arn}}
    outputs = arguments["ProcessingOutputConfig"]["Outputs"]
    try:
        run_job(programs, arguments["StoppingCondition"]["MaxRuntimeInSeconds"], context, _message)
    except StepFailedError as error:
        # What is uploaded while it is written is there although the job has failed.
        written = [output for output in outputs if output["S3Output"].get("S3UploadMode") == "Continuous"]
        uploaded = _upload(written, hosts, context)
        raise StepFailedError(str(error), metadata=metadata, outputs=uploaded) from error
    uploaded = _upload(outputs, hosts, context)
    clear(programs)
    described = {"ProcessingJobName": name, "ProcessingJobArn": arn, "ProcessingJobStatus": "Completed"}
    return Result({**arguments, **described}, metadata, uploaded)


def _upload(outputs: Sequence[Any], hosts: Sequence[Host], context: Context) -> dict[str, str]:
    uploaded = {}
    for output in outputs:
        place = output["S3Output"]
        for host in hosts:
            context.store.upload(host.path(place["LocalPath"]), place["S3Uri"])
        uploaded[output["OutputName"]] = str(context.store.path(place["S3Uri"]))
    return uploaded


def _message(host: Host) -> str:
    return read_text(host, "/opt/ml/output/message")
