"""What the endpoint is made with: the requests of SageMaker's API but for the names, which the machine fills in."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pipeline_definition.names import ANSWER_FIGURES_VARIABLE
from settings import Deployment, Network

VARIANT = "AllTraffic"
"""The endpoint's only variant."""

Request = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class EndpointPlan:
    """The endpoint of one stage; what only a deployment knows, such as ARNs, may be tokens of the CDK."""

    endpoint_name: str
    model_package_group: str
    options: Deployment
    network: Network | None
    serving_role_arn: str
    key_arn: str
    capture_uri: str
    alarm_names: tuple[str, ...]

    @property
    def model(self) -> Request:
        """CreateModel, without its name and container."""
        network = self.network and {
            "Subnets": list(self.network.subnet_ids),
            "SecurityGroupIds": list(self.network.security_group_ids),
        }
        return {
            "ExecutionRoleArn": self.serving_role_arn,
            "EnableNetworkIsolation": True,
            **({"VpcConfig": network} if network else {}),
        }

    @property
    def environment(self) -> dict[str, str]:
        """What the container is told beside its version: to say what it predicts from, where answers are kept."""
        return {ANSWER_FIGURES_VARIABLE: "true"} if self.options.capture_percent else {}

    @property
    def variant(self) -> Request:
        """The production variant, without the model's name."""
        return {
            "VariantName": VARIANT,
            "InstanceType": self.options.instance_type,
            "InitialInstanceCount": self.options.instance_count,
            "InitialVariantWeight": 1,
        }

    @property
    def configuration(self) -> Request:
        """CreateEndpointConfig, without its name and variant."""
        return {"KmsKeyId": self.key_arn, **({"DataCaptureConfig": self._capture} if self._capture else {})}

    @property
    def _capture(self) -> Request:
        """Answers only, with the content types of the server: others would be kept as base64."""
        if not self.options.capture_percent:
            return {}
        return {
            "EnableCapture": True,
            "InitialSamplingPercentage": self.options.capture_percent,
            "DestinationS3Uri": self.capture_uri,
            "KmsKeyId": self.key_arn,
            "CaptureOptions": [{"CaptureMode": "Output"}],
            "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json", "application/jsonlines"]},
        }

    @property
    def retained(self) -> Request:
        """Of UpdateEndpoint: what the endpoint keeps, which is the number of instances where it is scaled."""
        if self.options.autoscaling is None:
            return {"RetainAllVariantProperties": False}
        return {
            "RetainAllVariantProperties": True,
            "ExcludeRetainedVariantProperties": [
                {"VariantPropertyType": "DesiredWeight"},
                {"VariantPropertyType": "DataCaptureConfig"},
            ],
        }

    @property
    def watched(self) -> Request:
        """The deployment configuration of an update that alarms end: sent each time, as the endpoint's own is lost."""
        canary = self.options.canary
        wait_s = canary.baking_s if canary else 0
        routing: Request = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": wait_s}
        if canary:
            size = {"Type": "INSTANCE_COUNT", "Value": canary.instance_count}
            routing = {"Type": "CANARY", "WaitIntervalInSeconds": wait_s, "CanarySize": size}
        return {
            "BlueGreenUpdatePolicy": {
                "TrafficRoutingConfiguration": routing,
                "TerminationWaitInSeconds": wait_s,
            },
            "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in self.alarm_names]},
        }

    @property
    def unwatched(self) -> Request:
        """That of an update which puts an older version back.

        Alarms watch old and new instances alike: one that is on because of the newer version would end the very update
        that helps ("Auto-Rollback Configuration and Monitoring" in the SageMaker developer guide).
        """
        routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
        return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}

    @property
    def scalable_target(self) -> Request:
        """What Application Auto Scaling calls the number of instances."""
        return {
            "ServiceNamespace": "sagemaker",
            "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
            "ResourceId": f"endpoint/{self.endpoint_name}/variant/{VARIANT}",
        }

    @property
    def settings(self) -> Request:
        """All that a configuration can differ in from another one of the same version."""
        return {
            "model": self.model,
            **({"environment": self.environment} if self.environment else {}),
            "variant": self.variant,
            "configuration": self.configuration,
            "scaled": self.options.autoscaling is not None,
        }


def digest(settings: Request) -> str:
    """Return the part of names that tells configurations of one version apart; *settings* without tokens of the CDK."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:8]
