"""What a command cannot do, in one line: what was found, then the remedy."""

import re

from botocore.exceptions import BotoCoreError, ClientError

from artefacts.assembly import AssemblyError
from execution_report import ReportError
from local_runner.errors import RefusedError as LocalRefusedError
from operations.aws_errors import (
    DENIED,
    THROTTLED,
    find_meaning,
    find_meaning_of_silence,
    is_missing,
    join_lines,
    read_error,
)
from operations.refusal import RefusedError
from settings import SettingsError

EXPECTED = (AssemblyError, BotoCoreError, ClientError, LocalRefusedError, RefusedError, ReportError, SettingsError)
"""What ends a command without a traceback."""

RIGHTS = "docs/operations.md lists the rights of each command"


def describe(error: Exception) -> str:
    """Return what *error*, one of those expected, means to whoever typed the command."""
    match error:
        case ClientError():
            return _describe_refusal(error)
        case BotoCoreError():
            return ": ".join(find_meaning_of_silence(error))
    return join_lines(error)


def _describe_refusal(error: ClientError) -> str:
    code, message = read_error(error)
    if code in DENIED:
        asked = re.search(r"to perform: (\S+)(?: on resource: (\S+))?", message)
        needed = asked[1] + (f" on {asked[2]}" if asked[2] else "") if asked else f"the right to {error.operation_name}"
        return f"these credentials lack {needed}: {RIGHTS}"
    if meaning := find_meaning(error):
        return ": ".join(meaning)
    if code in THROTTLED:
        return f"{error.operation_name} is throttled ({code}): repeat it in a minute"
    if is_missing(error):
        return f"{message.rstrip('.')}: check --stage, AWS_PROFILE, and what you named"
    return f"{error.operation_name} answered {code}: {message}"
