"""What an error of AWS's means: something that would fail a run, too, or a question that we may not ask."""

import re

from botocore.exceptions import BotoCoreError, ClientError

from operations.aws_errors import DENIED, NOT_SUBSCRIBED, find_meaning, find_meaning_of_silence, read_error
from operations.preflight.findings import Finding, cannot_ask, fails
from operations.preflight.rights import find_action
from operations.refusal import RefusedError

GONE = {"NoSuchBucket", "NotFound", "NotFoundException", "ResourceNotFoundException"}
"""Of what was made once, as nobody asks for anything else by these codes."""
POLICY = 'make preflight ARGS="--policy --send-test" prints every right that may be needed'


class CannotAskError(RefusedError):
    """AWS answers nothing at all."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.what}: {finding.remedy}")


def explain(error: ClientError) -> Finding:
    """Return what the refusal of one call means."""
    code, message = read_error(error)
    if code in DENIED:
        on = re.search(r"on resource: (\S+)", message)
        missing = f"needs {find_action(error.operation_name)}{f' on {on[1]}' if on else ''}"
        return cannot_ask(missing, POLICY)
    if meaning := find_meaning(error):
        return (fails if code in NOT_SUBSCRIBED else cannot_ask)(*meaning)
    if code in GONE:
        remedy = "deleted by hand: cdk bootstrap makes its own again, docs/runbooks/re-adopt-what-was-kept.md the rest"
        return fails(f"{error.operation_name}: {message}", remedy)
    if "not available in this region" in message:
        return fails(f"{error.operation_name}: {message}", "choose another region in settings/stages.py")
    return cannot_ask(f"{error.operation_name} answered {code}: {message}", "try again")


def explain_silence(error: BotoCoreError) -> Finding:
    """Return what it means that a call had no answer."""
    return cannot_ask(*find_meaning_of_silence(error))
