"""The policy of a queue or topic, which decides where EventBridge acts in its own name and not in a role."""

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import sns, sqs

from local_aws.eventbridge.errors import DeliveryError
from local_aws.eventbridge.invocation import SERVICE
from local_aws.iam import decisions
from local_aws.iam.errors import AccessDeniedError
from local_aws.iam.roles import request_of_service

_POLICIES = {"sqs:SendMessage": sqs.queue_policy_for_arn, "sns:Publish": sns.topic_policy_for_arn}


def require(action: str, resource: str, *, rule: str) -> None:
    """Raise a `DeliveryError` unless the ARN *resource* exists and lets EventBridge do *action* for the ARN *rule*."""
    found = _POLICIES[action](resource)
    if found is None:
        raise DeliveryError("NO_RESOURCE", f"{resource} does not exist")
    context = {"aws:sourcearn": rule, "aws:sourceaccount": get_account_id()}
    # MiniStack's own question takes what a schedule starts for a request without TLS.
    request = request_of_service(SERVICE, action, resource, context)
    allowed = iam_evaluator.evaluate_resource_policy(found[0], request, service=SERVICE).decision == "Allow"
    decisions.record(SERVICE, action, resource, context, allowed=allowed)
    if not allowed:
        raise DeliveryError("NO_PERMISSIONS", str(AccessDeniedError(SERVICE, action, resource)))
