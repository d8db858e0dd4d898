"""Answers requests to an endpoint with the very artefact that the version's container would unpack."""

import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from ministack.core.responses import get_region

from local_aws.clients import ROOT, client
from local_aws.sagemaker import endpoints, model_registry, models
from local_aws.sagemaker.errors import ApiError, invalid
from local_aws.sagemaker.records import Record

_SERVING = ("InService", "Updating", "SystemUpdating", "RollingBack")
_TIMEOUT_S = 60
"""As an endpoint gives a model."""


def invoke(request: Record) -> Record:
    """InvokeEndpoint, with text as its body."""
    endpoint = endpoints.find(request["EndpointName"])
    if endpoint["EndpointStatus"] not in _SERVING:
        raise invalid(f"Endpoint {endpoint['EndpointName']} of account is not in service.")
    content_type = request.get("ContentType", "application/json")
    body = answer(_artefact(endpoint["EndpointConfigName"]), request["Body"], content_type)
    return {"Body": body, "ContentType": "application/json", "InvokedProductionVariant": "AllTraffic"}


def answer(artefact: str, body: str, content_type: str) -> str:
    """Return what the code in *artefact*, the URI of a model.tar.gz, answers to *body*."""
    bucket, _, key = artefact.removeprefix("s3://").partition("/")
    archive = client("s3", get_region(), ROOT).get_object(Bucket=bucket, Key=key)["Body"].read()
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as file:
            file.extractall(folder, filter="data")
        run = subprocess.run(
            [sys.executable, "-m", "inference", folder, "--content-type", content_type],
            cwd=Path(folder) / "code",
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


def _artefact(configuration: str) -> str:
    """Return where the model's data of an endpoint configuration is."""
    (variant,) = models.find("endpoint configuration", configuration)["ProductionVariants"]
    (container,) = models.find("model", variant["ModelName"])["Containers"]
    package = model_registry.find_package(container["ModelPackageName"])
    (found,) = (
        each["Containers"][0]["ModelDataUrl"]
        for each in package["AdditionalInferenceSpecifications"]
        if each["Name"] == container["InferenceSpecificationName"]
    )
    return str(found)
