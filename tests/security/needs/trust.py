"""Who needs to assume the roles."""

from collections.abc import Iterator

from artefacts.iam.evaluator import Request
from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.execution import Execution
from tests.security.needs.deployment import needs_to_assume_the_roles_of_deployment
from tests.security.needs.jobs import JOB_STEPS
from tests.security.needs.need import Need
from tests.security.needs.steps import job_arn, members, pipeline_role


def needs_to_assume_roles(application: DeployedStage, execution: Execution) -> Iterator[Need]:
    """Yield which service assumes which role, and for which resource."""
    for service, source, role in _assumptions(application, execution):
        context = {"aws:SourceArn": source, "aws:SourceAccount": application.deployment.account.id}
        name = f"{source.rpartition(':')[2]}: act as {role.rpartition('/')[2]}"
        yield Need(name, sources.DEPUTY, Request(service, "sts:AssumeRole", role, context))


def _assumptions(application: DeployedStage, execution: Execution) -> Iterator[tuple[str, str, str]]:
    (pipeline,) = application.resources("AWS::SageMaker::Pipeline")
    yield "sagemaker.amazonaws.com", f"{pipeline.arn}/execution/{execution.id}", pipeline_role(application)
    for step in execution.steps:
        if step.type in JOB_STEPS:
            for role in members(execution.arguments(step), "RoleArn"):
                yield "sagemaker.amazonaws.com", job_arn(application, execution, step), role
    for function in application.resources("AWS::Lambda::Function"):
        yield "lambda.amazonaws.com", function.arn, function.properties["Role"]
    yield from needs_to_assume_the_roles_of_deployment(application)
    for rule in application.resources("AWS::Events::Rule"):
        for target in rule.properties["Targets"]:
            if "RoleArn" in target:
                yield "events.amazonaws.com", rule.arn, target["RoleArn"]
