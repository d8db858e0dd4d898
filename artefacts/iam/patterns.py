"""How IAM compares actions, resources and ARNs with the patterns of a policy."""

import fnmatch
import functools
import re


class PolicyVariableError(NotImplementedError):
    """A pattern with a variable, whose value this evaluator does not know."""


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Return whether *text* is what *pattern* describes: `*` stands for any characters, `?` for one."""
    return _compiled(pattern, ignore_case).fullmatch(text) is not None


def arn_matches(pattern: str, arn: str) -> bool:
    """Compare the six parts of an ARN one by one, so that a `*` in one never reaches into the next."""
    expected, found = pattern.split(":", 5), arn.split(":", 5)
    return len(expected) == len(found) == 6 and all(map(matches, expected, found))


@functools.cache
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    if "${" in pattern:
        raise PolicyVariableError(f"{pattern!r} has a policy variable: write the value, or teach the evaluator")
    text = fnmatch.translate(pattern.replace("[", "[[]"))  # linear, however many stars; brackets mean nothing to IAM
    return re.compile(text, re.IGNORECASE if ignore_case else 0)
