"""All checks, in the order in which somebody would cure what they find."""

from collections.abc import Callable, Iterator, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from operations.aws import Aws
from operations.preflight.account import check_services, identify
from operations.preflight.bootstrap import check_bootstrap
from operations.preflight.deployment import check_data, check_rules, check_subscribers
from operations.preflight.findings import Check, Finding, Verdict
from operations.preflight.message import send_test
from operations.preflight.names import check_taken_names
from operations.preflight.quotas import check_quotas
from operations.preflight.refusals import explain, explain_silence
from settings import Stage

READING: Mapping[str, Check] = {
    "services": check_services,
    "bootstrap": check_bootstrap,
    "quotas": check_quotas,
    "names": check_taken_names,
    "data": check_data,
    "subscribers": check_subscribers,
    "rules": check_rules,
}
SENDING: Mapping[str, Check] = {"test message": send_test}

Findings = Mapping[str, list[Finding]]
"""By the name of the check."""


def examine(stage: Stage, connect: Callable[[str], Aws], checks: Mapping[str, Check]) -> Findings:
    """Return what *checks* find in the account; raise `CannotAskError` when it answers nothing."""
    identity = identify(stage, connect)
    if identity.verdict is not Verdict.OK:
        return {"account": [identity]}
    aws = connect(stage.region)
    return {"account": [identity], **{name: list(_run(check, stage, aws)) for name, check in checks.items()}}


def _run(check: Check, stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Yield what a check finds; a question that is not answered ends this check only."""
    try:
        yield from check(stage, aws)
    except ClientError as error:
        yield explain(error)
    except BotoCoreError as error:
        yield explain_silence(error)
