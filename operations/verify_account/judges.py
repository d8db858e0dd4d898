"""How a kind of assumption is judged: each judge is a pure function of what was seen."""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from operations.verify_account.observations import Observations, Purpose


class Verdict(StrEnum):
    """What became of an assumption."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NOT_SEEN = "not seen"


class Finding(NamedTuple):
    """A verdict, and what was observed, or why nothing was."""

    verdict: Verdict
    observed: str


Judge = Callable[[Observations], Finding]


confirmed = partial(Finding, Verdict.CONFIRMED)
refuted = partial(Finding, Verdict.REFUTED)


def not_seen(why: str, seen: Observations | None = None, question: str = "") -> Finding:
    """Return that nothing was observed that would decide it: *question* could not be asked, or else why."""
    unasked = seen.unasked.get(question) if seen else None
    return Finding(Verdict.NOT_SEEN, f"could not ask: {unasked}" if unasked else why)


def never_seen(why: str) -> Judge:
    """Judge what takes more than a verification."""
    return lambda _: not_seen(why)


def succeed(*names: str, unless: str) -> Judge:
    """Confirm where these steps succeed on good data, refute where the reason of one that failed matches *unless*."""

    def judge(seen: Observations) -> Finding:
        steps = {name: seen.step(Purpose.GOOD, name) for name in names}
        for name, step in steps.items():
            if step.status == "Failed" and re.search(unless, step.reason, re.IGNORECASE):
                return refuted(f"{name}: {step.reason}")
        ends = ", ".join(f"{name} {step.status or 'did not begin'}" for name, step in steps.items())
        return confirmed(ends) if {step.status for step in steps.values()} == {"Succeeded"} else not_seen(ends)

    return judge


def all_match(values: Callable[[Observations], Iterable[str]], pattern: str, question: str = "") -> Judge:
    """Confirm where all *values*, the answer to *question*, match, refute where one does not."""

    def judge(seen: Observations) -> Finding:
        found = list(values(seen))
        if wrong := [each for each in found if not re.search(pattern, each)]:
            return refuted(f"{len(wrong)} of {len(found)} are otherwise: {wrong[0] or 'empty'}")
        return confirmed(f"{len(found)} seen: {found[0]}") if found else not_seen("there was none", seen, question)

    return judge


def is_told(purpose: Purpose, headline: str) -> Judge:
    """Confirm where *headline* and nothing else is sent; refute where another is, or nothing in spite of an event."""

    def judge(seen: Observations) -> Finding:
        messages = seen.messages_of(purpose)
        if others := [each for each in messages if headline not in each]:
            return refuted(f"was reported as: {others[0]}")
        if messages:
            return confirmed(f"came {len(messages)} time(s): {messages[0]}")
        if seen.failures_of(purpose):
            return refuted("the event came to a queue by another rule, and no message through the topic")
        return not_seen("neither message nor event came")

    return judge


def are_called(*names: str, beside: str) -> Judge:
    """Confirm where the pipeline's role makes these calls, refute where one is missing and *beside* is there."""

    def judge(seen: Observations) -> Finding:
        calls = [call for call in seen.calls if call.role == "PipelineRole"]
        missing = set(names) - {call.name for call in calls}
        if not missing:
            return confirmed(", ".join(f"{each.name} {each.error}".strip() for each in calls if each.name in names))
        if any(call.name == beside for call in calls):
            return refuted(f"{beside} is in the trail, and no {' or '.join(sorted(missing))}")
        return not_seen("the trail has none of these calls", seen, "calls")

    return judge


def are_counted(*names: str, beside: str = "") -> Judge:
    """Confirm where metrics have datapoints, refute where one has none and *beside*, which comes later, has."""

    def judge(seen: Observations) -> Finding:
        missing = [name for name in names if not seen.metrics.get(name)]
        if missing and seen.metrics.get(beside):
            return refuted(f"no datapoint of {missing[0]}, and {beside} has one")
        if missing:
            return not_seen(f"no datapoint of {' or '.join(missing)}", seen, "metrics")
        return confirmed(", ".join(f"{name} {seen.metrics[name]:g}" for name in names))

    return judge


REFUSAL = "data contract violated"
"""What the data quality job begins its message with."""

CACHED = ("EmpBonusPreProcessing", "EmpBonusDataSplit", "EmpBonusTraining")
"""Steps that do not depend on the champion."""


def judge_cache(seen: Observations) -> Finding:
    """Confirm where steps that do not depend on the champion come from the cache, refute where one ran anew."""
    steps = {name: seen.step(Purpose.AGAIN, name) for name in CACHED}
    anew = [name for name, step in steps.items() if step.status == "Succeeded" and not step.cached]
    hits = [name for name, step in steps.items() if step.cached]
    if anew:
        return refuted(f"ran anew: {', '.join(anew)}")
    return confirmed(f"from the cache: {', '.join(hits)}") if hits else not_seen("none of these steps began")


def judge_report(seen: Observations) -> Finding:
    """Confirm where the report of data that was refused is in S3."""
    job = seen.refused_data
    if job.has_report:
        return confirmed("the report is in S3")
    if REFUSAL in job.reason + job.exit_message:
        return refuted("the job failed because of its data, and no report is in S3")
    return not_seen("no job failed because of its data", seen, "refused_data")


def judge_suppression(seen: Observations) -> Finding:
    """Confirm where the alarm was on, and suppressed by another."""
    alarm = seen.alarm
    if alarm.name and any(each.headline == f"alarm {alarm.name}: ALARM" for each in seen.messages):
        return refuted("the alarm was sent")
    state = f"{alarm.state or 'no state'}, suppressed by {alarm.suppressed_by or 'nothing'}, nothing was sent"
    if alarm.state == "ALARM" and alarm.suppressed_by == "Alarm":
        return confirmed(state)
    return not_seen(state, seen, "alarm")


def judge_denials(seen: Observations) -> Finding:
    """Refute where a call of a role was denied."""
    if denied := [f"{call.role} {call.name}: {call.error}" for call in seen.calls if "Denied" in call.error]:
        return refuted("; ".join(sorted(denied)))
    calls = sum(call.times for call in seen.calls)
    return confirmed(f"{calls} calls, none denied") if calls else not_seen("the trail has no call", seen, "calls")


def judge_tagging(seen: Observations) -> Finding:
    """Refute where tags are asked for in a call of their own."""
    names = {call.name for call in seen.calls}
    if "AddTags" in names:
        return refuted("AddTags is in the trail")
    made = "CreateProcessingJob" in names
    return confirmed("CreateProcessingJob, no AddTags") if made else not_seen("no job's creation", seen, "calls")


def judge_tags(seen: Observations) -> Finding:
    """Confirm where what was made has the stack's tags."""
    lacking = [what for what, tags in seen.tags.items() if not seen.stack_tags.items() <= tags.items()]
    if lacking:
        return refuted(f"not on the {' and '.join(lacking)}")
    return confirmed(f"on the {' and '.join(seen.tags)}") if seen.tags else not_seen("were not listed", seen, "tags")
