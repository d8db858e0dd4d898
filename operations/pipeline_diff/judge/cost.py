"""What an execution and a month cost, by the definition and the templates."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from operations.pipeline_diff.change import Area, Change, Cost, Severity
from operations.pipeline_diff.compare.parameters import resolve_defaults
from operations.pipeline_diff.compare.pipelines import Version
from operations.pipeline_diff.read.placeholders import flatten
from operations.pipeline_diff.read.side import Side
from operations.prices import HOURS_A_MONTH, JOB_MINUTES, MONTHLY_USD, find_hourly_usd
from settings.checks.cron import ExpressionError, count_starts_a_month


class Fleet(NamedTuple):
    """Instances that are paid for together."""

    instance_type: str
    instances: float
    hours: float


def estimate_run(version: Version) -> Cost:
    """Return what an execution costs that takes nothing from the cache: each job some minutes on its instances."""
    return _price(version.side.region, _find_jobs(version))


def estimate_month(side: Side, versions: Iterable[Version]) -> Cost | None:
    """Return what a month costs: what is always there, and the executions that schedules start."""
    if not side.stacks:
        return None
    resources = [each for template in side.stacks.values() for each in template.get("Resources", {}).values()]
    idle = sum(MONTHLY_USD.get(each["Type"], 0.0) for each in resources)
    endpoints = _price(side.region, (fleet for each in resources for fleet in _find_endpoints(each)))
    usd, unknown = idle + endpoints.usd, list(endpoints.unknown)
    for version in versions:
        starts = list(_count_starts(version, resources))
        if starts:
            run = estimate_run(version)
            usd += run.usd * sum(each for each in starts if each is not None)
            unknown += [*run.unknown, *("how often a schedule starts it" for each in starts if each is None)]
    return Cost(usd, tuple(dict.fromkeys(unknown)))


def compare_costs(subject: str, what: str, before: Cost | None, after: Cost | None) -> Iterator[Change]:
    """Yield that a cost is another one, and more than twice as high if it is."""
    if before is None or after is None or _say(before) == _say(after):
        return
    unknown = sorted(set(after.unknown) - set(before.unknown))
    if unknown:
        why, severity = f"The price of {', '.join(unknown)} is not known here.", Severity.REVIEW
    else:
        doubled = after.usd > 2 * before.usd
        why, severity = ("More than twice as much.", Severity.REVIEW) if doubled else ("", Severity.NOTE)
    yield Change(Area.COST, subject, what, _say(before), _say(after), severity, why)


def _say(cost: Cost) -> str:
    text = f"about {cost.usd:.2f} USD"
    return f"{text}, and what {', '.join(cost.unknown)} costs" if cost.unknown else text


def _price(region: str, fleets: Iterable[Fleet]) -> Cost:
    usd, unknown = 0.0, []
    for fleet in fleets:
        hourly = find_hourly_usd(region, fleet.instance_type)
        if hourly is None:
            unknown.append(f"{fleet.instance_type} in {region or 'an unknown region'}")
        else:
            usd += fleet.instances * fleet.hours * hourly
    return Cost(usd, tuple(dict.fromkeys(unknown)))


def _find_jobs(version: Version) -> Iterator[Fleet]:
    for step in version.steps.values():
        arguments = resolve_defaults(step.arguments, version.definition)
        match arguments.get("TrainingJobDefinition", arguments):
            case {"ResourceConfig": dict(cluster)} | {"ProcessingResources": {"ClusterConfig": dict(cluster)}}:
                yield _fleet(cluster, step.name, _count_jobs(arguments))


def _count_jobs(arguments: Mapping[str, Any]) -> Any:
    match arguments:
        case {"HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxNumberOfTrainingJobs": jobs}}}:
            return jobs
    return 1


def _fleet(cluster: Mapping[str, Any], step: str, jobs: Any) -> Fleet:
    kind, count = cluster.get("InstanceType"), cluster.get("InstanceCount", 1)
    if not (isinstance(kind, str) and isinstance(count, int) and isinstance(jobs, int)):
        return Fleet(f"what a start chooses for {step}", 1, 0)
    return Fleet(kind, count * jobs, JOB_MINUTES / 60)


def _find_endpoints(resource: Mapping[str, Any]) -> Iterator[Fleet]:
    """Yield the instances of an endpoint's variants, wherever the resource says what to make them with."""
    if resource["Type"] in ("AWS::SageMaker::EndpointConfig", "AWS::StepFunctions::StateMachine"):
        properties = resource.get("Properties", {})
        text = properties.get("DefinitionString")
        for variant in _find_variants(json.loads(flatten(text)[0]) if text else properties):
            yield Fleet(variant["InstanceType"], variant["InitialInstanceCount"], HOURS_A_MONTH)


def _find_variants(node: Any) -> Iterator[Mapping[str, Any]]:
    match node:
        case {"InstanceType": str(), "InitialInstanceCount": int()}:
            yield node
        case dict():
            for value in node.values():
                yield from _find_variants(value)
        case list():
            for item in node:
                yield from _find_variants(item)


def _count_starts(version: Version, resources: Iterable[Mapping[str, Any]]) -> Iterator[float | None]:
    """Yield how often a month each schedule starts the pipeline; None for one that cannot be read."""
    for resource in resources:
        properties = resource.get("Properties", {})
        expression = properties.get("ScheduleExpression")
        starts = version.pipeline.logical_id in json.dumps(properties.get("Targets", properties.get("Target", [])))
        if expression and starts and properties.get("State", "ENABLED") == "ENABLED":
            try:
                yield count_starts_a_month(flatten(expression)[0])
            except ExpressionError:
                yield None
