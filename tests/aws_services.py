"""Clients of AWS that send nothing, and the models of services: each is read once, which takes a tenth of a second."""

import functools
from typing import Any

import boto3
import botocore.session
from botocore.model import ServiceModel


@functools.cache
def session() -> Any:
    """Return a session whose clients share the models that have been read."""
    return boto3.Session("key", "secret", region_name="eu-west-1")


@functools.cache
def service_model(service: str) -> ServiceModel:
    """Return what the SDK knows of *service*."""
    return botocore.session.get_session().get_service_model(service)
