"""Runs a training job: channels in, the algorithm, the model and its metrics out."""

import gzip
import math
import re
import tarfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from local_runner.algorithms import ALGORITHMS
from local_runner.containers.images import program, repository
from local_runner.containers.processes import Host
from local_runner.errors import StepFailedError
from local_runner.files import files
from local_runner.ports import Store
from local_runner.record.step_cache import Result
from local_runner.steps.context import Context, Task
from local_runner.steps.job import clear, make_hosts, read_text, resource_config, run_job, submit, write_config


def run_training(task: Task, context: Context) -> Result:
    """Do what CreateTrainingJob does with the task's arguments."""
    job = submit(task, context)
    store = context.stores(task.arguments["RoleArn"])
    description = train(task.arguments, job.name, task.folder, context)
    return Result(
        description,
        {"TrainingJob": {"Arn": job.arn}},
        {"model": store.locate(description["ModelArtifacts"]["S3ModelArtifacts"])},
    )


def train(arguments: Mapping[str, Any], name: str, folder: Path, context: Context) -> dict[str, Any]:
    """Run the training job called *name* in *folder* and return what DescribeTrainingJob says of it."""
    store = context.stores(arguments["RoleArn"])
    hosts = make_hosts(folder, arguments["ResourceConfig"]["InstanceCount"])
    for host in hosts:
        _prepare(host, hosts, arguments)
    for channel in arguments["InputDataConfig"]:
        _download(channel, hosts, store)
    image = arguments["AlgorithmSpecification"]["TrainingImage"]
    # One process stands for all hosts of the algorithm, and finds what the others have in their folders.
    others = [str(host.root) for host in hosts[1:]]
    programs = {hosts[0]: program(image, others, arguments.get("Environment", {}))}
    run_job(programs, arguments["StoppingCondition"]["MaxRuntimeInSeconds"], context, _failure)
    model = folder / "model.tar.gz"
    pack(hosts[0].path("/opt/ml/model"), model)
    output = arguments["OutputDataConfig"]
    model_uri = f"{output['S3OutputPath']}/{name}/output/model.tar.gz"
    store.put(model, model_uri, kms_key_id=output.get("KmsKeyId", ""))
    model.unlink()
    clear(hosts)
    return {
        **arguments,
        "TrainingJobName": name,
        "TrainingJobArn": context.account.arn("sagemaker", f"training-job/{name}"),
        "TrainingJobStatus": "Completed",
        "ModelArtifacts": {"S3ModelArtifacts": model_uri},
        "FinalMetricDataList": final_metrics(
            hosts[0].log.read_text(encoding="utf-8"), ALGORITHMS[repository(image)].metric_definitions, context.clock()
        ),
    }


def final_metrics(log: str, definitions: Mapping[str, str], now: datetime) -> list[dict[str, Any]]:
    """Return the last value of each metric of *definitions* (name -> expression) that stands in an algorithm's log.

    Values that are no finite numbers are passed over: CloudWatch does not take them ("MetricDatum", API reference).
    """
    found = {name: list(map(float, re.findall(expression, log))) for name, expression in definitions.items()}
    return [
        {"MetricName": name, "Value": finite[-1], "Timestamp": now.isoformat()}
        for name, values in found.items()
        if (finite := [value for value in values if math.isfinite(value)])
    ]


def pack(folder: Path, archive: Path) -> None:
    """Write the files of *folder* to a .tar.gz; the same files give the same bytes."""
    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for path in files(folder):
            info = tarfile.TarInfo(path.relative_to(folder).as_posix())
            info.size = path.stat().st_size
            with path.open("rb") as file:
                tar.addfile(info, file)


def _prepare(host: Host, hosts: Sequence[Host], arguments: Mapping[str, Any]) -> None:
    config = {
        channel["ChannelName"]: {
            "ContentType": channel.get("ContentType"),
            "TrainingInputMode": channel.get("InputMode", "File"),
            "S3DistributionType": channel["DataSource"]["S3DataSource"].get("S3DataDistributionType"),
            "RecordWrapperType": channel.get("RecordWrapperType", "None"),
        }
        for channel in arguments["InputDataConfig"]
    }
    write_config(host, "/opt/ml/input/config/inputdataconfig.json", config)
    write_config(host, "/opt/ml/input/config/hyperparameters.json", arguments["HyperParameters"])
    write_config(host, "/opt/ml/input/config/resourceconfig.json", resource_config(host, hosts))
    host.path("/opt/ml/model").mkdir()


def _download(channel: Mapping[str, Any], hosts: Sequence[Host], store: Store) -> None:
    source = channel["DataSource"]["S3DataSource"]
    folder = f"/opt/ml/input/data/{channel['ChannelName']}"
    if source.get("S3DataDistributionType") == "ShardedByS3Key":
        store.download(source["S3Uri"], hosts[0].path(folder))
        _deal(channel["ChannelName"], folder, hosts)
    else:
        for host in hosts:
            store.download(source["S3Uri"], host.path(folder))


def _deal(name: str, folder: str, hosts: Sequence[Host]) -> None:
    """Leave each of *hosts* its share of the objects that the first has in *folder*: the first, the second and so on.

    "Each instance gets approximately 1/n of the number of S3 objects", and with fewer objects "some nodes won't get any
    data" (`S3DataSource` in the API reference). Which objects, and what Linear Learner does without any, is not known.
    """
    paths = list(files(hosts[0].path(folder)))
    if len(paths) < len(hosts):
        raise StepFailedError(
            f"ClientError: channel {name} has {len(paths)} objects for {len(hosts)} instances: start with as many"
            " instances as objects at most"
        )
    for number, path in enumerate(paths):
        target = hosts[number % len(hosts)].path(folder) / path.relative_to(hosts[0].path(folder))
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)


def _failure(host: Host) -> str:
    return read_text(host, "/opt/ml/output/failure")
