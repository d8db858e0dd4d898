"""The operations by name; botocore's model of the service says what a request may be and what an answer holds."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import botocore.session
from botocore.model import ServiceModel, Shape
from botocore.validate import ParamValidator

from local_aws.sagemaker import endpoints, executions, jobs, model_registry, models, pipelines, tagging
from local_aws.sagemaker.errors import ApiError, invalid
from local_aws.sagemaker.records import Record

OPERATIONS: Mapping[str, Callable[[Record], Record]] = {
    "CreatePipeline": pipelines.create,
    "UpdatePipeline": pipelines.update,
    "DescribePipeline": pipelines.describe,
    "ListPipelines": pipelines.list_all,
    **executions.OPERATIONS,
    **jobs.OPERATIONS,
    "CreateModelPackageGroup": model_registry.create_group,
    "DescribeModelPackageGroup": model_registry.describe_group,
    "ListModelPackageGroups": model_registry.list_groups,
    "DeleteModelPackageGroup": model_registry.delete_group,
    "CreateModelPackage": model_registry.create_package,
    "DescribeModelPackage": model_registry.describe_package,
    "UpdateModelPackage": model_registry.update_package,
    "ListModelPackages": model_registry.list_packages,
    "DeleteModelPackage": model_registry.delete_package,
    "CreateModel": models.create_model,
    "DescribeModel": models.describe_model,
    "ListModels": models.list_models,
    "DeleteModel": models.delete_model,
    "CreateEndpointConfig": models.create_configuration,
    "DescribeEndpointConfig": models.describe_configuration,
    "ListEndpointConfigs": models.list_configurations,
    "DeleteEndpointConfig": models.delete_configuration,
    "CreateEndpoint": endpoints.create,
    "UpdateEndpoint": endpoints.update,
    "DescribeEndpoint": endpoints.describe,
    "ListEndpoints": endpoints.list_all,
    "DeleteEndpoint": endpoints.delete,
    "AddTags": tagging.add,
    "DeleteTags": tagging.delete,
    "ListTags": tagging.list_all,
}


@functools.cache
def model() -> ServiceModel:
    """Return botocore's model of SageMaker."""
    return botocore.session.get_session().get_service_model("sagemaker")


def call(operation: str, request: Record) -> Record:
    """Return the answer to *request*, or raise the `ApiError` that the service would answer with."""
    if operation not in OPERATIONS:
        raise ApiError(
            "UnknownOperationException", f"{operation} is not emulated: local_aws knows {', '.join(OPERATIONS)}"
        )
    shapes = model().operation_model(operation)
    if unknown := sorted(request.keys() - _members(shapes.input_shape)):
        raise invalid(f"{', '.join(unknown)} is unknown to {operation}: leave it out")
    if shapes.input_shape:
        report = ParamValidator().validate(request, shapes.input_shape)
        if report.has_errors():
            raise invalid(str(report.generate_report()))
    answer = OPERATIONS[operation](request)
    return {key: value for key, value in answer.items() if key in _members(shapes.output_shape)}


def parameters(operation: str) -> set[str]:
    """Return the names of what *operation* takes."""
    return _members(model().operation_model(operation).input_shape)


def _members(shape: Shape | None) -> set[str]:
    members: Mapping[str, Any] = getattr(shape, "members", {})
    return set(members)
