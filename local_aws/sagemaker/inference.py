"""Answers requests to an endpoint with the very artefact that the version's container would unpack."""

import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from ministack.core.responses import get_region

from local_aws.clients import ROOT, client
from local_aws.sagemaker import data_capture, endpoints, model_registry, models
from local_aws.sagemaker.errors import ApiError, invalid
from local_aws.sagemaker.records import Record

_SERVING = ("InService", "Updating", "SystemUpdating", "RollingBack")
_CONTRIBUTIONS = "contributions=true"
_JSON = "application/json"
_TAKEN = ("MODEL_VERSION", "ANSWER_FIGURES")
"""Of the container's environment: the rest says where things are in the container."""
_TIMEOUT_S = 60
"""As an endpoint gives a model."""


def invoke(request: Record) -> Record:
    """InvokeEndpoint, with text as its body."""
    endpoint = endpoints.find(request["EndpointName"])
    if endpoint["EndpointStatus"] not in _SERVING:
        raise invalid(f"Endpoint {endpoint['EndpointName']} of account is not in service.")
    options = ["--content-type", request.get("ContentType", _JSON)]
    if _CONTRIBUTIONS in request.get("CustomAttributes", ""):
        options.append("--contributions")
    configuration = models.find("endpoint configuration", endpoint["EndpointConfigName"])
    (variant,) = configuration["ProductionVariants"]
    model = models.find("model", variant["ModelName"])
    body = answer(_find_container(model), request["Body"], options)
    data_capture.capture(endpoint, configuration, model["ExecutionRoleArn"], body, _JSON)
    return {"Body": body, "ContentType": _JSON, "InvokedProductionVariant": variant["VariantName"]}


def answer(container: Record, body: str, options: Sequence[str]) -> str:
    """Return what the code in the model.tar.gz of *container* answers to *body*."""
    bucket, _, key = container["ModelDataUrl"].removeprefix("s3://").partition("/")
    archive = client("s3", get_region(), ROOT).get_object(Bucket=bucket, Key=key)["Body"].read()
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as file:
            file.extractall(folder, filter="data")
        run = subprocess.run(
            [sys.executable, "-m", "inference", folder, *options],
            cwd=Path(folder) / "code",
            env={**os.environ, **{name: value for name, value in container["Environment"].items() if name in _TAKEN}},
            input=body,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    if run.returncode:
        words = f'Received server error (500) from primary with message "{run.stderr.strip()}".'
        raise ApiError("ModelError", words)
    return run.stdout


def _find_container(model: Record) -> Record:
    """Return the container of *model*, whose environment is added to that of its version."""
    (given,) = model["Containers"]
    package = model_registry.find_package(given["ModelPackageName"])
    (registered,) = (
        each["Containers"][0]
        for each in package["AdditionalInferenceSpecifications"]
        if each["Name"] == given["InferenceSpecificationName"]
    )
    return {**registered, "Environment": {**registered.get("Environment", {}), **given.get("Environment", {})}}
