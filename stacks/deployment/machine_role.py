"""The role that the state machine calls SageMaker with."""

from typing import Any

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pipeline_definition import names
from settings import MODELS_PREFIX, Stage
from stacks.deployment.plan import EndpointPlan
from stacks.iam import for_this_account, model_package_arns
from stacks.shared.encryption_key import encrypt_volumes

_SCALING = "sagemaker.application-autoscaling.amazonaws.com"
_SCALING_ROLE = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"


class MachineRole(Construct):
    """May look at the stage's models, and make and change its one endpoint; it approves nothing."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        serving_role: iam.IRole,
        data_bucket: s3.IBucket,
        key_arn: str,
        plan: EndpointPlan,
    ) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        self.role = iam.Role(
            self,
            "Resource",
            description="Deploys the approved employee bonus model",
            assumed_by=for_this_account("states.amazonaws.com", stack),
            inline_policies={
                "Registry": iam.PolicyDocument(statements=[_look_at_models(stack, stage)]),
                "Endpoint": iam.PolicyDocument(statements=[*_deploy(stack, stage), _pass(serving_role)]),
                "SmokeTest": iam.PolicyDocument(statements=[_read_smoke_tests(data_bucket)]),
                "Key": iam.PolicyDocument(statements=[_decrypt(key_arn), *encrypt_volumes(key_arn)]),
                "Scaling": iam.PolicyDocument(statements=_scale(stack, plan)),
            },
        )


def _look_at_models(stack: Stack, stage: Stage) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage"],
        resources=model_package_arns(stack, stage.model_package_group_name),
    )


def _read_smoke_tests(data_bucket: s3.IBucket) -> iam.PolicyStatement:
    objects = f"{MODELS_PREFIX}*/{names.SERVING}/{names.SMOKE_TEST_FILE}"
    return iam.PolicyStatement(actions=["s3:GetObject"], resources=[data_bucket.arn_for_objects(objects)])


def _decrypt(key_arn: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key_arn])


def _deploy(stack: Stack, stage: Stage) -> list[iam.PolicyStatement]:
    endpoint = _arn(stack, "endpoint", stage.endpoint_name)
    configurations = _arn(stack, "endpoint-config", f"{stage.endpoint_name}-v*")
    models = _arn(stack, "model", f"{stage.endpoint_name}-v*")
    return [
        iam.PolicyStatement(actions=["sagemaker:ListEndpoints"], resources=["*"]),  # has no resource
        iam.PolicyStatement(
            actions=["sagemaker:DescribeEndpoint", "sagemaker:DeleteEndpoint", "sagemaker:InvokeEndpoint"],
            resources=[endpoint],
        ),
        iam.PolicyStatement(
            actions=["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], resources=[endpoint, configurations]
        ),
        iam.PolicyStatement(actions=["sagemaker:CreateEndpointConfig"], resources=[configurations]),
        iam.PolicyStatement(
            actions=["sagemaker:CreateModel"],
            resources=[models],
            conditions={"Bool": {"sagemaker:NetworkIsolation": "true"}},
        ),
    ]


def _pass(role: iam.IRole) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["iam:PassRole"],
        resources=[role.role_arn],
        conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    )


def _scale(stack: Stack, plan: EndpointPlan) -> list[iam.PolicyStatement]:
    """Let it end scaling at any time, which an update may take, and begin it where the stage asks for it."""
    begins = plan.options.autoscaling is not None
    actions = ["RegisterScalableTarget", "PutScalingPolicy"] if begins else []
    own = iam.PolicyStatement(
        actions=[f"application-autoscaling:{each}" for each in ("DeregisterScalableTarget", *actions)],
        resources=["*"],  # ids of scalable targets are the service's, and one that is not there yet has none
        conditions={"StringEquals": {f"application-autoscaling:{key}": value for key, value in _of(plan).items()}},
    )
    return [own, *(_on_behalf_of_scaling(stack, plan) if begins else [])]


def _of(plan: EndpointPlan) -> dict[str, Any]:
    target = plan.scalable_target
    return {"service-namespace": target["ServiceNamespace"], "scalable-dimension": target["ScalableDimension"]}


def _on_behalf_of_scaling(stack: Stack, plan: EndpointPlan) -> list[iam.PolicyStatement]:
    """Let Application Auto Scaling set itself up in the machine's name; it scales in a role of its own."""
    alarms = stack.format_arn(
        service="cloudwatch",
        resource="alarm",
        resource_name=f"TargetTracking-endpoint/{plan.endpoint_name}/*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    role = stack.format_arn(
        service="iam", region="", resource="role", resource_name=f"aws-service-role/{_SCALING}/{_SCALING_ROLE}"
    )
    return [
        iam.PolicyStatement(
            actions=["sagemaker:DescribeEndpointConfig"],
            resources=[_arn(stack, "endpoint-config", f"{plan.endpoint_name}-v*")],
        ),
        iam.PolicyStatement(
            actions=["sagemaker:UpdateEndpointWeightsAndCapacities"],
            resources=[_arn(stack, "endpoint", plan.endpoint_name)],
        ),
        iam.PolicyStatement(
            actions=["cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms"],
            resources=[alarms],
        ),
        iam.PolicyStatement(
            actions=["iam:CreateServiceLinkedRole"],
            resources=[role],
            conditions={"StringEquals": {"iam:AWSServiceName": _SCALING}},
        ),
    ]


def _arn(stack: Stack, resource: str, name: str) -> str:
    return stack.format_arn(service="sagemaker", resource=resource, resource_name=name)
