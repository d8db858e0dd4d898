"""Runs a processing job: inputs in, the program on every instance, outputs out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local_runner.containers.images import program
from local_runner.containers.processes import Host
from local_runner.errors import StepFailedError
from local_runner.ports import Store
from local_runner.record.step_cache import Result
from local_runner.steps.context import Context, Task
from local_runner.steps.job import clear, make_hosts, read_text, resource_config, run_job, submit, write_config


def run_processing(task: Task, context: Context) -> Result:
    """Do what CreateProcessingJob does with the task's arguments."""
    job = submit(task, context)
    arguments = task.arguments
    app = arguments["AppSpecification"]
    store = context.stores(arguments["RoleArn"])
    hosts = make_hosts(task.folder, arguments["ProcessingResources"]["ClusterConfig"]["InstanceCount"])
    for host in hosts:
        write_config(host, "/opt/ml/config/resourceconfig.json", resource_config(host, hosts))
        write_config(host, "/opt/ml/config/processingjobconfig.json", arguments)
        for each in arguments.get("ProcessingInputs", []):
            store.download(each["S3Input"]["S3Uri"], host.path(each["S3Input"]["LocalPath"]))
    words = [*app["ContainerEntrypoint"], *app.get("ContainerArguments", [])]
    programs = dict.fromkeys(hosts, program(app["ImageUri"], words, arguments.get("Environment", {})))
    metadata = {"ProcessingJob": {"Arn": job.arn}}
    config = arguments["ProcessingOutputConfig"]
    try:
        run_job(programs, arguments["StoppingCondition"]["MaxRuntimeInSeconds"], context, _message)
    except StepFailedError as error:
        # What is uploaded while it is written is there although the job has failed.
        written = [output for output in config["Outputs"] if output["S3Output"].get("S3UploadMode") == "Continuous"]
        uploaded = _upload(config | {"Outputs": written}, hosts, store)
        raise StepFailedError(str(error), metadata=metadata, outputs=uploaded) from error
    uploaded = _upload(config, hosts, store)
    clear(hosts)
    described = {"ProcessingJobName": job.name, "ProcessingJobArn": job.arn, "ProcessingJobStatus": "Completed"}
    return Result({**arguments, **described}, metadata, uploaded)


def _upload(config: Mapping[str, Any], hosts: Sequence[Host], store: Store) -> dict[str, str]:
    uploaded = {}
    for output in config["Outputs"]:
        target = output["S3Output"]
        for host in hosts:
            store.upload(host.path(target["LocalPath"]), target["S3Uri"], kms_key_id=config.get("KmsKeyId", ""))
        uploaded[output["OutputName"]] = store.locate(target["S3Uri"])
    return uploaded


def read_exit_message(folder: Path) -> str:
    """Return what the program of the failed job that ran in *folder* said of itself; empty if nothing."""
    hosts = [Host(path.name, path, path.with_suffix(".log")) for path in sorted(folder.glob("*/"))]
    return next(filter(None, map(_message, hosts)), "")


def _message(host: Host) -> str:
    return read_text(host, "/opt/ml/output/message")
