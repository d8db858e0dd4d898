"""The network of the jobs, in which their code reaches nothing; inputs and outputs are SageMaker's business."""

from typing import Any

from sagemaker.core.network import NetworkConfig
from sagemaker.train.configs import Networking

from pipeline_definition.build import Build


def processing_network(build: Build) -> NetworkConfig:
    """Return it as a processing job takes it."""
    return NetworkConfig(enable_network_isolation=True, encrypt_inter_container_traffic=True, **_vpc(build))


def training_network(build: Build) -> Networking:
    """Return it as a training job takes it."""
    return Networking(enable_network_isolation=True, enable_inter_container_traffic_encryption=True, **_vpc(build))


def _vpc(build: Build) -> dict[str, Any]:
    network = build.stage.security.network
    return {
        "subnets": list(network.subnet_ids) if network else None,
        "security_group_ids": list(network.security_group_ids) if network else None,
    }
