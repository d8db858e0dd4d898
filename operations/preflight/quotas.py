"""How many instances the account may have of the types that jobs and endpoint run on: in a new account mostly none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from operations.aws import Aws
from operations.preflight.findings import Finding, fails, ok
from settings import Deployment, Stage

Quotas = Mapping[str, Mapping[str, Any]]
"""By their names."""


@dataclass(frozen=True)
class Need:
    """The instances of one type that run at once."""

    use: str
    instance_type: str
    count: int
    parameter: str = ""
    """Of the pipeline: chooses another type, if it can."""
    others: tuple[str, ...] = ()

    @property
    def quota(self) -> str:
        """Name of the quota that has to allow them."""
        return _name(self.instance_type, self.use)


def check_quotas(stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Yield for each use of instances whether the account may have as many."""
    needs = _list_needs(stage)
    quotas = _read(aws.client("service-quotas"))
    for need in needs:
        yield _judge(need, quotas, stage.region)


def _list_needs(stage: Stage) -> list[Need]:
    processing, training = stage.processing, stage.training
    return [
        Need(
            "processing job",
            processing.instance_type,
            processing.instance_count,
            "ProcessingInstanceType",
            processing.offered_instance_types,
        ),
        Need(
            "training job",
            training.instance_type,
            training.instance_count * (training.tuning.maximum_parallel_jobs if training.tuning else 1),
            "TrainingInstanceType",
            training.allowed_instance_types,
        ),
        *([_need_of_endpoint(stage.deployment)] if stage.deployment else []),
    ]


def _need_of_endpoint(deployment: Deployment) -> Need:
    """Return what an update takes at its height, when old and new instances are there."""
    scaling = deployment.autoscaling
    most = scaling.maximum_count if scaling else deployment.instance_count
    return Need("endpoint", deployment.instance_type, 2 * most)


def _judge(need: Need, quotas: Quotas, region: str) -> Finding:
    quota = quotas.get(need.quota)
    if quota is None:
        what = f"there is no quota {need.quota!r}: {region} does not offer the type for it"
        return fails(what, "choose another type in settings/stages.py")
    what = f"quota {need.quota!r} is {quota['Value']:g}, and {need.count} needed"
    if quota["Value"] >= need.count:
        return ok(what)
    command = (
        "aws service-quotas request-service-quota-increase --service-code sagemaker"
        f" --quota-code {quota['QuotaCode']} --desired-value {need.count} --region {region}"
    )
    enough = [each for each in need.others if quotas.get(_name(each, need.use), {}).get("Value", 0) >= need.count]
    return fails(what, command + (f", or start with {need.parameter}={enough[-1]}" if enough else ""))


def _name(instance_type: str, use: str) -> str:
    return f"{instance_type} for {use} usage"


def _read(client: Any) -> Quotas:
    """Return AWS's defaults, and in their place what was applied: ListServiceQuotas has nothing but that."""
    return {**_list(client, "list_aws_default_service_quotas"), **_list(client, "list_service_quotas")}


def _list(client: Any, operation: str) -> Quotas:
    pages = client.get_paginator(operation).paginate(ServiceCode="sagemaker")
    return {quota["QuotaName"]: quota for page in pages for quota in page["Quotas"]}
