"""A SageMaker pipeline of ours."""

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from pipeline_definition.placeholders import UnboundPlaceholderError, variables
from stacks.training.definition_body import join_lines


class BindingError(UnboundPlaceholderError):
    """Values that do not fit the placeholders of the definition."""


class DefinedPipeline(Construct):
    """A pipeline whose definition stands readable in the template, its placeholders bound by CloudFormation."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        definition: str,
        values: Mapping[str, str],
        role: iam.IRole,
    ) -> None:
        super().__init__(scope, id_)
        used = variables(definition)
        if used - values.keys():
            raise BindingError(f"{', '.join(sorted(used - values.keys()))} has no value: bind it in the stack")
        if values.keys() - used:
            unused = ", ".join(sorted(values.keys() - used))
            raise BindingError(f"{unused} is not in the definition: use it, or take its value away")
        self.pipeline = sagemaker.CfnPipeline(
            self,
            "Resource",
            pipeline_name=name,
            pipeline_description=description,
            pipeline_definition={"PipelineDefinitionBody": join_lines(definition, values)},
            role_arn=role.role_arn,
        )
        # From the resource, not the name: whoever uses the ARN waits until the pipeline exists.
        self.arn = Stack.of(self).format_arn(service="sagemaker", resource="pipeline", resource_name=self.pipeline.ref)
