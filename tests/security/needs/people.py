"""What people need who decide about models."""

from collections.abc import Iterator

from artefacts.iam.evaluator import Request
from pipeline_definition.names import CARD_FILE, EVALUATION_FILE
from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.execution import Execution
from tests.security.needs.encryption import needs_of_object
from tests.security.needs.locations import object_arn
from tests.security.needs.need import Need
from tests.security.needs.registry import group_and_package_arns, package_arns, source_of
from tests.security.needs.steps import members

DECISIONS = ("Approved", "Rejected", "PendingManualApproval")


def approvers(application: DeployedStage) -> str:
    """Return the ARN of the policy that approvers hold."""
    return application.output("ApproversPolicyArn")


def needs_of_approvers(application: DeployedStage, execution: Execution) -> Iterator[Need]:
    """Yield what an approver needs to judge the model of *execution*, and to decide."""
    caller = approvers(application)
    registration = next((step for step in execution.steps if step.type == "RegisterModel"), None)
    if registration is None:
        return
    arguments = execution.arguments(registration)
    group = arguments["ModelPackageGroupName"]
    for arn in group_and_package_arns(application, group):
        listing = Request(caller, "sagemaker:ListModelPackages", arn)
        source = source_of(arn, group, sources.LISTING, sources.LISTING_ON_THE_GROUP)
        yield Need("approver: list versions", source, listing)
    for arn in package_arns(application, group):
        looking = Request(caller, "sagemaker:DescribeModelPackage", arn)
        source = source_of(arn, group, sources.REGISTRY, sources.REGISTRY)
        yield Need("approver: look at a version", source, looking)
        for status in DECISIONS:
            deciding = Request(caller, "sagemaker:UpdateModelPackage", arn, {"sagemaker:ModelApprovalStatus": status})
            source = source_of(arn, group, sources.APPROVAL, sources.APPROVAL)
            yield Need(f"approver: make a version {status}", source, deciding)
    figures = list(members(arguments["ModelMetrics"], "S3Uri"))
    if "ModelCard" in arguments:  # a report shows it from the file
        figures += [uri.replace(EVALUATION_FILE, CARD_FILE) for uri in figures if uri.endswith(EVALUATION_FILE)]
    for uri in figures:
        reading = Request(caller, "s3:GetObject", object_arn(uri))
        yield from needs_of_object(application, Need("approver: read the figures", sources.FIGURES, reading))
