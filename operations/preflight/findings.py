"""What a check finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from operations.aws import Aws
from settings import Stage


class Verdict(StrEnum):
    """What a finding means for the next deployment or run."""

    OK = "ok"
    FAILS = "fails"
    CANNOT_ASK = "cannot ask"
    LATER = "later"
    """Nothing to look at before a deployment."""


@dataclass(frozen=True)
class Finding:
    """One thing that a check found, and what helps against it."""

    verdict: Verdict
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.what} -> {self.remedy}" if self.remedy else self.what


Check = Callable[[Stage, Aws], Iterator[Finding]]


def ok(what: str) -> Finding:
    """Return that something is as it has to be."""
    return Finding(Verdict.OK, what)


def fails(what: str, remedy: str) -> Finding:
    """Return that a deployment or a run would fail, or nobody hear of it."""
    return Finding(Verdict.FAILS, what, remedy)


def cannot_ask(what: str, remedy: str) -> Finding:
    """Return that AWS did not say."""
    return Finding(Verdict.CANNOT_ASK, what, remedy)


def later(stack: str) -> Finding:
    """Return that *stack* has to be deployed first."""
    return Finding(Verdict.LATER, f"stack {stack} is not deployed")
