"""Runs a processing job: inputs in, the program on every instance, outputs out."""

from local_runner.container import Host
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
    hosts = make_hosts(task, arguments["ProcessingResources"]["ClusterConfig"]["InstanceCount"])
    for host in hosts:
        write_config(host, "/opt/ml/config/resourceconfig.json", resource_config(host, hosts))
        write_config(host, "/opt/ml/config/processingjobconfig.json", arguments)
        for each in arguments.get("ProcessingInputs", []):
            context.store.download(each["S3Input"]["S3Uri"], host.path(each["S3Input"]["LocalPath"]))
    words = [*app["ContainerEntrypoint"], *app.get("ContainerArguments", [])]
    programs = dict.fromkeys(hosts, program(app["ImageUri"], words, arguments.get("Environment", {})))
    run_job(programs, arguments["StoppingCondition"]["MaxRuntimeInSeconds"], context, _message)
    outputs = {}
    for output in arguments["ProcessingOutputConfig"]["Outputs"]:
        place = output["S3Output"]
        for host in hosts:
            context.store.upload(host.path(place["LocalPath"]), place["S3Uri"])
        outputs[output["OutputName"]] = str(context.store.path(place["S3Uri"]))
    clear(programs)
    name = job_name(arguments["ProcessingJobName"], context)
    arn = context.account.arn("sagemaker", f"processing-job/{name}")
    description = {
        **arguments,
        "ProcessingJobName": name,
        "ProcessingJobArn": arn,
        "ProcessingJobStatus": "Completed",
    }
    return Result(description, {"ProcessingJob": {"Arn": arn}}, outputs)


def _message(host: Host) -> str:
    return read_text(host, "/opt/ml/output/message")
