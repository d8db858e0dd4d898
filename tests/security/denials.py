"""What must be denied: next to each need, what it could be mistaken for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from artefacts.iam.conditions import Context
from artefacts.iam.evaluator import Request
from tests.security.deployed_stage import ACCOUNT
from tests.security.needs import Need
from tests.security.needs.services import ACCESS_LOGGING, ALARMS, EVENTS
from tests.security.world import ADMINISTRATOR, World

OTHER_ACCOUNT = "999999999999"
OTHER_REGION = "us-east-1"

STRANGERS = (
    f"arn:aws:iam::{ACCOUNT}:role/OfAnotherTeam",
    f"arn:aws:iam::{OTHER_ACCOUNT}:role/Outsider",
    "ec2.amazonaws.com",
    "s3.amazonaws.com",
)
"""Nobody whom any of our policies should know."""

FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "application-autoscaling": ("application-autoscaling:PutScheduledAction", "application-autoscaling:TagResource"),
    "cloudwatch": ("cloudwatch:DeleteAlarms", "cloudwatch:DisableAlarmActions"),
    "ec2": ("ec2:RunInstances", "ec2:AuthorizeSecurityGroupIngress"),
    "ecr": ("ecr:PutImage", "ecr:BatchDeleteImage"),
    "iam": ("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"),
    "kms": ("kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:DisableKey"),
    "lambda": ("lambda:UpdateFunctionCode", "lambda:AddPermission"),
    "logs": ("logs:DeleteLogGroup", "logs:DeleteLogStream"),
    "s3": ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"),
    "sagemaker": (
        "sagemaker:UpdateModelPackage",
        "sagemaker:DeleteModelPackage",
        "sagemaker:DeleteModelPackageGroup",
        "sagemaker:UpdatePipeline",
        "sagemaker:DeletePipeline",
        "sagemaker:DeleteTags",
    ),
    "sns": ("sns:DeleteTopic", "sns:SetTopicAttributes"),
    "sqs": ("sqs:PurgeQueue", "sqs:DeleteQueue"),
    "states": ("states:UpdateStateMachine", "states:DeleteStateMachine", "states:StopExecution"),
    "sts": ("sts:SetSourceIdentity",),
}
"""Service -> what does harm, and what nobody does of whom no need says so."""

# In these, all stages of an account meet: archives are named by their content, the rest belongs to AWS.
_SHARED = re.compile(r"(arn:aws:s3:::cdk-[a-z0-9]+-assets-)|(arn:aws:logs:.*:log-group:/aws/sagemaker/)|(arn:aws:ecr:)")

# A service acts for exactly the resource that is deployed for it, and for no other of the account.
_BOUND_TO_ONE_RESOURCE = {
    (EVENTS, "sqs:SendMessage"),
    (EVENTS, "sns:Publish"),
    (EVENTS, "sts:AssumeRole"),
    (ALARMS, "sns:Publish"),
    (ALARMS, "kms:Decrypt"),
    (ALARMS, "kms:GenerateDataKey"),
    (ACCESS_LOGGING, "s3:PutObject"),
}


@dataclass(frozen=True)
class Denial:
    """One request that must not be allowed."""

    name: str
    request: Request


def denials_of(world: World) -> tuple[Denial, ...]:
    """Return what must be denied in *world*, derived from its needs; what is itself needed is never among it."""
    needed = {need.request.identity for need in world.needs}
    used = Used(world.needs)
    found: dict[object, Denial] = {}
    for need in world.needs:
        for rule in _RULES:
            for name, request in rule(need, world, used):
                if request.identity not in needed:
                    found.setdefault(request.identity, Denial(f"{need.name} {name}", request))
    return tuple(found.values())


class Used:
    """Who does what, and where."""

    def __init__(self, needs: Iterable[Need]) -> None:
        requests = [need.request for need in needs]
        self._places = {(each.caller, each.action, _place(each.resource)) for each in requests}
        self._actions = {(each.caller, each.action) for each in requests}
        self._written = {
            (each.caller, each.resource.rpartition("/")[0]) for each in requests if each.action == "s3:PutObject"
        }

    def somewhere(self, caller: str, action: str) -> bool:
        """Return whether *caller* needs *action* at all."""
        return (caller, action) in self._actions

    def there(self, caller: str, request: Request) -> bool:
        """Return whether *caller* needs what *request* asks for on the same resource, or reads what it wrote."""
        folder = request.resource.rpartition("/")[0]
        return (caller, request.action, _place(request.resource)) in self._places or (
            request.action == "s3:GetObject" and (caller, folder) in self._written
        )


def _place(resource: str) -> str:
    shared = _SHARED.match(resource)
    return shared[0] if shared else resource


def _elsewhere(need: Need, _world: World, _used: Used) -> Iterator[tuple[str, Request]]:
    """Yield the same on another resource of the kind, in another account and region."""
    request = need.request
    for resource in foreign(request.resource):
        yield f"on {resource}", replace(request, resource=resource)


# What follows the first separator is a name, but not in S3, whose resources have no kinds.
_KIND = re.compile(r"(?<=[:/]).*|^[^:/]*$", re.DOTALL)


def foreign(arn: str) -> Iterator[str]:
    """Yield ARNs of the same kind that are nobody's, or somebody else's."""
    match arn.split(":", 5):
        case ["arn", partition, service, region, account, resource]:
            kind = "" if service == "s3" else _KIND.sub("", resource)
            named = f"{kind}foreign-{resource.removeprefix(kind)}"
            yield ":".join(["arn", partition, service, region, account, named])
            if account == ACCOUNT:
                yield ":".join(["arn", partition, service, region, OTHER_ACCOUNT, resource])
            if region:
                yield ":".join(["arn", partition, service, OTHER_REGION, account, resource])
            if service == "s3" and "/" in resource and not _SHARED.match(arn):
                bucket, _, key = resource.partition("/")
                yield f"arn:aws:s3:::{bucket}/foreign-{key}"


def _by_others(need: Need, world: World, used: Used) -> Iterator[tuple[str, Request]]:
    """Yield the same by every other role of every stage, and by strangers."""
    for caller in (*world.policies.identities, *STRANGERS):
        if caller != ADMINISTRATOR and not used.there(caller, need.request):
            yield f"by {caller}", replace(need.request, caller=caller)


def _more_than_needed(need: Need, _world: World, used: Used) -> Iterator[tuple[str, Request]]:
    """Yield what would do harm to the same resource."""
    request = need.request
    if request.caller.endswith(":root"):
        return
    for action in FORBIDDEN[request.action.partition(":")[0]]:
        if used.somewhere(request.caller, action):
            continue
        yield f"and then {action}", replace(request, action=action)


def _in_another_sense(need: Need, _world: World, _used: Used) -> Iterator[tuple[str, Request]]:
    """Yield the same with a value of the context that it must not have."""
    context = need.request.context
    for key, value in _WRONG_VALUES.items():
        if key in context:
            yield f"with {key} {value}", replace(need.request, context={**context, key: value})
    key = "kms:EncryptionContext:aws:logs:arn"
    if key in context:  # CloudWatch Logs does not say on whose behalf it acts, but for what
        theirs = re.sub("[^/:]+$", "payroll", str(context[key]))  # beside it, where a pattern might end
        for arn in (theirs, *foreign(str(context[key]))):
            yield f"for {arn}", replace(need.request, context={**context, key: arn})


_WRONG_VALUES: Context = {
    "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredProvisionedConcurrency",
    "application-autoscaling:service-namespace": "dynamodb",
    "cloudwatch:namespace": "/aws/lambda/payroll",
    "iam:AWSServiceName": "ecs.amazonaws.com",
    "iam:PassedToService": "ec2.amazonaws.com",
    "kms:GrantIsForAWSResource": "false",
}


def _in_anothers_name(need: Need, _world: World, _used: Used) -> Iterator[tuple[str, Request]]:
    """Yield the same for a resource of another account, or for one of ours that has no business here."""
    context = need.request.context
    if "aws:SourceAccount" not in context:
        return
    source = str(context["aws:SourceArn"])
    others = source.replace(ACCOUNT, OTHER_ACCOUNT)
    theirs = {**context, "aws:SourceArn": others, "aws:SourceAccount": OTHER_ACCOUNT}
    yield f"for {others} of another account", replace(need.request, context=theirs)
    if (need.request.caller, need.request.action) in _BOUND_TO_ONE_RESOURCE:
        for arn in foreign(source):
            yield f"for {arn}", replace(need.request, context={**context, "aws:SourceArn": arn})


def _over_a_plain_line(need: Need, world: World, _used: Used) -> Iterator[tuple[str, Request]]:
    """Yield the same without TLS, or with an old one, where the resource is ours to say so."""
    request = need.request
    service = request.action.partition(":")[0]
    if service in ("s3", "sns", "sqs") and world.policies.of_resource(request.resource):
        yield "over http", replace(request, context={**request.context, "aws:SecureTransport": "false"})
        if service == "s3":
            yield "with TLS 1.1", replace(request, context={**request.context, "s3:TlsVersion": "1.1"})


_Rule = Callable[[Need, World, Used], Iterator[tuple[str, Request]]]

_RULES: tuple[_Rule, ...] = (
    _elsewhere,
    _by_others,
    _more_than_needed,
    _in_another_sense,
    _in_anothers_name,
    _over_a_plain_line,
)
