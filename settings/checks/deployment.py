"""Rules about the endpoint: its instances, and how an update of it is tried out."""

from collections.abc import Iterator, Mapping

from settings.checks.jobs import instance_type
from settings.checks.problem import Problem
from settings.checks.rules import Rule, whole
from settings.deployment import Deployment
from settings.options import Stage

DEPLOYMENT: Mapping[str, Rule] = {
    "deployment.instance_type": instance_type("ProductionVariantInstanceType"),
    "deployment.instance_count": whole(1),
    "deployment.canary.instance_count": whole(1),
    # `WaitIntervalInSeconds` and `TerminationWaitInSeconds` of SageMaker's model; without a wait no alarm would notice.
    "deployment.canary.baking_s": whole(60, 3_600),
    "deployment.autoscaling.maximum_count": whole(1),
    "deployment.autoscaling.invocations_per_minute": whole(1),
    "deployment.capture_percent": whole(0, 100),  # `SamplingPercentage`
    "deployment.alarms.errors_per_minute": whole(1),
    "deployment.alarms.latency_ms": whole(1, 60_000),  # InvokeEndpoint gives a model 60 s
}

LEAST_IN_KEPT_STAGES = 2
"""Instances of an endpoint that must not fail with one of them; Security Hub's control SageMaker.4 asks for as many."""


def check_endpoint(stage: Stage) -> Iterator[Problem]:
    """Yield numbers of instances that do not fit the stage, each other, or the instances' type."""
    deployment = stage.deployment
    if deployment is None:
        return
    if deployment.instance_count < LEAST_IN_KEPT_STAGES and not stage.may_be_torn_down:
        yield Problem(
            "deployment.instance_count",
            f"is {deployment.instance_count}: a stage that may not be torn down needs at least {LEAST_IN_KEPT_STAGES}",
        )
    yield from _check_canary(deployment)
    yield from _check_autoscaling(deployment)


def _check_canary(deployment: Deployment) -> Iterator[Problem]:
    canary, most = deployment.canary, deployment.instance_count // 2
    if canary and canary.instance_count > most:
        remedy = f"give at most half of instance_count, {most}" if most else "set canary=None, or 2 instances"
        yield Problem("deployment.canary.instance_count", f"is {canary.instance_count}: {remedy}")


def _check_autoscaling(deployment: Deployment) -> Iterator[Problem]:
    scaling = deployment.autoscaling
    if scaling is None:
        return
    if scaling.maximum_count < deployment.instance_count:
        yield Problem(
            "deployment.autoscaling.maximum_count",
            f"is {scaling.maximum_count}: give at least instance_count, {deployment.instance_count}",
        )
    # "Automatically Scale Amazon SageMaker Models" in the SageMaker developer guide.
    if deployment.instance_type.startswith("ml.t2."):
        yield Problem(
            "deployment.instance_type",
            f"is {deployment.instance_type!r}, which cannot be scaled: choose 'ml.m5.large', or set autoscaling=None",
        )
