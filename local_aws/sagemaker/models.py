"""Models and endpoint configurations: what a person or the deployment names, and nothing that runs."""

from local_aws.sagemaker import model_registry
from local_aws.sagemaker.errors import invalid
from local_aws.sagemaker.records import Record, Table, arn, configurations, models, page, stamped

_KINDS = {"model": (models, "ModelName"), "endpoint configuration": (configurations, "EndpointConfigName")}


def create_model(request: Record) -> Record:
    """CreateModel, of containers that are versions of the registry."""
    for container in request.get("Containers", [request.get("PrimaryContainer", {})]):
        _check_container(container)
    return {"ModelArn": _create("model", "model", request)}


def describe_model(request: Record) -> Record:
    """DescribeModel."""
    return find("model", request["ModelName"])


def list_models(request: Record) -> Record:
    """ListModels."""
    found = page(models.values(), request, {"NameContains": lambda each, part: part in each["ModelName"]})
    return {"Models": found.pop("Records"), **found}


def delete_model(request: Record) -> Record:
    """DeleteModel."""
    find("model", request["ModelName"])
    del models[request["ModelName"]]
    return {}


def create_configuration(request: Record) -> Record:
    """CreateEndpointConfig."""
    for variant in request["ProductionVariants"]:
        find("model", variant["ModelName"])
    return {"EndpointConfigArn": _create("endpoint configuration", "endpoint-config", request)}


def describe_configuration(request: Record) -> Record:
    """DescribeEndpointConfig."""
    return find("endpoint configuration", request["EndpointConfigName"])


def list_configurations(request: Record) -> Record:
    """ListEndpointConfigs."""
    found = page(
        configurations.values(), request, {"NameContains": lambda each, part: part in each["EndpointConfigName"]}
    )
    return {"EndpointConfigs": found.pop("Records"), **found}


def delete_configuration(request: Record) -> Record:
    """DeleteEndpointConfig."""
    find("endpoint configuration", request["EndpointConfigName"])
    del configurations[request["EndpointConfigName"]]
    return {}


def find(kind: str, name: str) -> Record:
    """Return the model or endpoint configuration of that name."""
    table, _ = _KINDS[kind]
    record: Record | None = table.get(name)
    if record is None:
        raise invalid(
            f'Could not find {kind} "{arn(kind.replace("endpoint configuration", "endpoint-config"), name)}".'
        )
    return record


def _create(kind: str, resource: str, request: Record) -> str:
    table: Table
    table, member = _KINDS[kind]
    name, found = request[member], arn(resource, request[member])
    if name in table:
        raise invalid(f'Cannot create already existing {kind} "{found}".')
    table[name] = stamped(request | {f"{member.removesuffix('Name')}Arn": found})
    return found


def _check_container(container: Record) -> None:
    """Refuse what is no approved version, or has not the specification that is asked for."""
    if "ModelPackageName" not in container:
        raise invalid("a container that is no model package is not emulated: pass ModelPackageName")
    package = model_registry.find_package(container["ModelPackageName"])
    if package["ModelApprovalStatus"] != "Approved":
        raise invalid(f"Model package {package['ModelPackageArn']} is {package['ModelApprovalStatus']}, not Approved.")
    wanted = container.get("InferenceSpecificationName")
    known = [each["Name"] for each in package.get("AdditionalInferenceSpecifications", [])]
    if wanted and wanted not in known:
        raise invalid(f"Inference specification {wanted} does not exist in {package['ModelPackageArn']}.")
