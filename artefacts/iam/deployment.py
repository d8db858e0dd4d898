"""Templates as CloudFormation would deploy them: every resource has a name, every reference a value."""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.assembly import Templates
from artefacts.iam.generated_names import generated_name

# What a template may call a resource itself; CloudFormation makes up the other names. `Name` is a rule's.
_NAME_PROPERTIES = (
    "AlarmName",
    "FunctionName",
    "LogGroupName",
    "ManagedPolicyName",
    "ModelPackageGroupName",
    "Name",
    "QueueName",
    "StateMachineName",
    "TopicName",
)

_REFS: Mapping[str, str] = {
    "AWS::CloudWatch::Alarm": "{name}",
    "AWS::CloudWatch::CompositeAlarm": "{name}",
    "AWS::Events::Rule": "{name}",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::{account}:policy/{name}",
    "AWS::IAM::Role": "{name}",
    "AWS::KMS::Key": "{name}",
    "AWS::Lambda::Function": "{name}",
    "AWS::Logs::LogGroup": "{name}",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:{region}:{account}:stateMachine:{name}",
    "AWS::SQS::Queue": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "AWS::SageMaker::ModelPackageGroup": "arn:aws:sagemaker:{region}:{account}:model-package-group/{name}",
}
"""What `Ref` gives; "AWS resource and property types reference" of the CloudFormation user guide."""

_ARNS: Mapping[str, str] = {
    "AWS::CloudWatch::Alarm": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    "AWS::CloudWatch::CompositeAlarm": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    "AWS::Events::Rule": "arn:aws:events:{region}:{account}:rule/{name}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:{region}:{account}:stateMachine:{name}",
}
"""What `Fn::GetAtt` gives as `Arn`, or `TopicArn`."""

_ARNS_IN_REFS = ("AWS::IAM::ManagedPolicy", "AWS::SNS::Topic", "AWS::SageMaker::ModelPackageGroup")


class Deployment(Templates):
    """Templates that are deployed together, with a name for every kind of resource that policies speak of."""

    def ref(self, name: str, stack: str) -> str:
        """Return what `Ref` gives for *name* of *stack*."""
        kind = self.stacks[stack]["Resources"].get(name, {}).get("Type")
        if name == "AWS::URLSuffix":
            return "amazonaws.com"
        return self._fill(_REFS[kind], name, stack) if kind in _REFS else super().ref(name, stack)

    def attribute(self, name: str, attribute: str, stack: str) -> str:
        """Return what `Fn::GetAtt` gives for *attribute* of *name*."""
        kind = self.stacks[stack]["Resources"].get(name, {}).get("Type")
        if kind in _ARNS and attribute in ("Arn", "TopicArn"):
            return self._fill(_ARNS[kind], name, stack)
        if attribute in _NAME_PROPERTIES:
            return self._fill("{name}", name, stack)
        return super().attribute(name, attribute, stack)

    def arn_of(self, name: str, stack: str) -> str:
        """Return the ARN of the resource *name*, or nothing for a kind that no policy speaks of."""
        kind = self.stacks[stack]["Resources"][name]["Type"]
        if kind in _ARNS_IN_REFS:
            return self.ref(name, stack)
        if kind == "AWS::SageMaker::Pipeline":
            return self.account.arn("sagemaker", f"pipeline/{self.ref(name, stack)}")
        if kind in (*_ARNS, "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::S3::Bucket"):
            return self.attribute(name, "Arn", stack)
        return ""

    def _fill(self, form: str, name: str, stack: str) -> str:
        resource = self.stacks[stack]["Resources"][name]
        properties = resource.get("Properties", {})
        given = (self.resolve(properties[key], stack) for key in _NAME_PROPERTIES if key in properties)
        found = next(given, generated_name(resource["Type"], stack, name))
        return form.format(name=found, account=self.account.id, region=self.account.region)


@dataclass(frozen=True)
class Resource:
    """One resource, with the properties that it is deployed with."""

    path: str
    """In the construct tree, such as `emp-bonus-dev-pipeline/JobRole/Resource/Resource`."""
    kind: str
    properties: Mapping[str, Any]
    arn: str
    """Empty where no policy can speak of it."""


@dataclass(frozen=True)
class Application:
    """What is deployed together."""

    deployment: Deployment

    @functools.cached_property
    def everything(self) -> tuple[Resource, ...]:
        """All resources of all stacks."""
        return tuple(
            Resource(
                resource["Metadata"]["aws:cdk:path"],
                resource["Type"],
                self.deployment.resolve(resource.get("Properties", {}), stack),
                self.deployment.arn_of(name, stack),
            )
            for stack, template in self.deployment.stacks.items()
            for name, resource in template["Resources"].items()
        )

    def resources(self, kind: str) -> Iterator[Resource]:
        """Yield the resources of type *kind*."""
        return (resource for resource in self.everything if resource.kind == kind)

    def with_arn(self, arn: str) -> Resource | None:
        """Return the resource that *arn* names, if the application has it."""
        return next((resource for resource in self.everything if arn and resource.arn == arn), None)

    def output(self, name: str) -> str:
        """Return the output *name* of whichever stack has it."""
        for stack, template in self.deployment.stacks.items():
            if name in template.get("Outputs", {}):
                return str(self.deployment.resolve(template["Outputs"][name]["Value"], stack))
        raise LookupError(f"none of {', '.join(self.deployment.stacks)} has an output {name}")

    @functools.cached_property
    def definition(self) -> dict[str, Any]:
        """The pipeline's definition, its placeholders bound."""
        (pipeline,) = self.resources("AWS::SageMaker::Pipeline")
        definition: dict[str, Any] = json.loads(pipeline.properties["PipelineDefinition"]["PipelineDefinitionBody"])
        return definition
