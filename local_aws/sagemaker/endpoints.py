"""Endpoints: which configuration each has and gets, with updates that alarms of CloudWatch roll back."""

import time
from typing import Any

from ministack.services import cloudwatch

from local_aws.sagemaker import models
from local_aws.sagemaker.errors import invalid
from local_aws.sagemaker.records import Record, arn, endpoints, page, scalable_targets, stamped

_LOOKS = 2
"""How often an endpoint is described until a change of it is done: nobody here waits for minutes."""
_CHANGING = ("Creating", "Updating", "Deleting", "SystemUpdating", "RollingBack")


def create(request: Record) -> Record:
    """CreateEndpoint."""
    name = request["EndpointName"]
    if name in endpoints:
        raise invalid(f'Cannot create already existing endpoint "{arn("endpoint", name)}".')
    models.find("endpoint configuration", request["EndpointConfigName"])
    endpoints[name] = stamped(
        {
            "EndpointName": name,
            "EndpointArn": arn("endpoint", name),
            "EndpointConfigName": request["EndpointConfigName"],
        }
    )
    _begin(endpoints[name], "Creating", EndpointStatus="InService")
    return {"EndpointArn": arn("endpoint", name)}


def update(request: Record) -> Record:
    """UpdateEndpoint: the new configuration, or the old one again if an alarm is on."""
    endpoint = _find_idle(request["EndpointName"], "update")
    models.find("endpoint configuration", request["EndpointConfigName"])
    rollback = request.get("DeploymentConfig", {}).get("AutoRollbackConfiguration", {})
    alarms = [each["AlarmName"] for each in rollback.get("Alarms", [])]
    served = endpoint if any(map(_is_on, alarms)) else request
    _refuse_another_type_while_scaled(endpoint, request)
    endpoint["PendingDeploymentSummary"] = {"EndpointConfigName": request["EndpointConfigName"]}
    _begin(endpoint, "Updating", EndpointStatus="InService", EndpointConfigName=served["EndpointConfigName"])
    return {"EndpointArn": endpoint["EndpointArn"]}


def delete(request: Record) -> Record:
    """DeleteEndpoint."""
    _begin(_find_idle(request["EndpointName"], "update"), "Deleting")
    return {}


def describe(request: Record) -> Record:
    """DescribeEndpoint; being looked at is what brings a change to its end."""
    endpoint = find(request["EndpointName"])
    answer = {key: value for key, value in endpoint.items() if not key.startswith("_")}
    _go_on(endpoint)
    return answer


def list_all(request: Record) -> Record:
    """ListEndpoints."""
    filters = {
        "NameContains": lambda each, part: part in each["EndpointName"],
        "StatusEquals": lambda each, status: each["EndpointStatus"] == status,
    }
    found = page(endpoints.values(), request, filters)
    return {"Endpoints": found.pop("Records"), **found}


def find(name: str) -> Record:
    """Return the endpoint of that name."""
    record: Record | None = endpoints.get(name)
    if record is None:
        raise invalid(f'Could not find endpoint "{arn("endpoint", name)}".')
    return record


def _find_idle(name: str, verb: str) -> Record:
    endpoint = find(name)
    if endpoint["EndpointStatus"] in _CHANGING:
        raise invalid(f'Cannot {verb} in-progress endpoint "{endpoint["EndpointArn"]}".')
    return endpoint


def _refuse_another_type_while_scaled(endpoint: Record, request: Record) -> None:
    """Refuse what "Update endpoints with automatic scaling" in the SageMaker developer guide says is refused."""
    names = (endpoint["EndpointConfigName"], request["EndpointConfigName"])
    found = [models.find("endpoint configuration", name)["ProductionVariants"][0] for name in names]
    resource = f"endpoint/{endpoint['EndpointName']}/variant/{found[0]['VariantName']}"
    if resource in scalable_targets and found[0]["InstanceType"] != found[1]["InstanceType"]:
        raise invalid(f"The variant {found[0]['VariantName']} is scaled: deregister it as a scalable target first.")


def _begin(endpoint: Record, status: str, **then: Any) -> None:
    endpoint.update(EndpointStatus=status, LastModifiedTime=time.time(), _then=then, _looks=_LOOKS)


def _go_on(endpoint: Record) -> None:
    if endpoint["EndpointStatus"] not in _CHANGING:
        return
    endpoint["_looks"] -= 1
    if endpoint["_looks"]:
        return
    endpoint.pop("PendingDeploymentSummary", None)
    endpoint.update(endpoint.pop("_then"), LastModifiedTime=time.time())
    if endpoint["EndpointStatus"] == "Deleting":
        del endpoints[endpoint["EndpointName"]]


def _is_on(alarm: str) -> bool:
    found: Record | None = cloudwatch._alarms.get(alarm)
    if found is None:
        raise invalid(f"Alarm {alarm} does not exist.")
    return bool(found["StateValue"] == "ALARM")
