"""How much a change of a pipeline matters, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from artefacts.definition.graph import Step
from artefacts.definition.images import SPARK_REPOSITORY
from artefacts.definition.references import find
from operations.pipeline_diff.change import Area, Change, Severity

Judgement = tuple[Severity, str]

_BY_AREA: Mapping[Area, Judgement] = {
    Area.STEP: (Severity.NOTE, ""),
    Area.EDGE: (Severity.REVIEW, "Steps run in another order, or on other data."),
    Area.IMAGE: (Severity.REVIEW, "The job runs in another container, whose libraries may compute other results."),
    Area.HYPERPARAMETER: (Severity.REVIEW, "The next model is another one, on the same data."),
    Area.LIMIT: (Severity.REVIEW, "Another limit decides which models are registered."),
    Area.OTHER: (Severity.REVIEW, "Nothing here knows what this means."),
}

_PROTECTIONS: Mapping[str, str] = {
    "EnableNetworkIsolation": "The job's code may reach the network, and send data there.",
    "EnableInterContainerTrafficEncryption": "Instances talk to each other without encryption.",
    "VolumeKmsKeyId": "The disk may not be encrypted with the key of the stage.",
    "KmsKeyId": "Results may not be encrypted with the key of the stage.",
    "VpcConfig": "The job runs in another network.",
    "RoleArn": "The job has the rights of another role.",
}


def judge_changes(changes: Iterable[Change], steps: Iterable[Step]) -> Iterator[Change]:
    """Yield *changes* of a pipeline with their severities; *steps* are those after the change."""
    directions = dict(_find_directions(steps))
    for change in changes:
        severity, why = _judge(change, directions)
        yield replace(change, severity=severity, why=why)


def judge_rest(change: Change) -> Change:
    """Return a change of a template outside of its resources with its severity."""
    if change.area is not Area.OTHER or change.what.startswith(("Outputs.", "Description", "Metadata")):
        return change
    severity, why = _BY_AREA[Area.OTHER]
    return replace(change, severity=severity, why=why)


def _judge(change: Change, directions: Mapping[str, bool]) -> Judgement:
    for rule in (_protection, _whole_step, _engine, _features, _approval, _parameter, _limit):
        found = rule(change, directions)
        if found:
            return found
    return _BY_AREA.get(change.area, (Severity.NOTE, ""))


def _protection(change: Change, _directions: Mapping[str, bool]) -> Judgement | None:
    found = next((why for member, why in _PROTECTIONS.items() if change.what.split(".")[-1] == member), None)
    weaker = change.after in (None, "false") or change.what.endswith(("RoleArn", "VpcConfig", "KmsKeyId"))
    return (Severity.REVIEW, found) if found and weaker and change.area in (Area.STEP, Area.OTHER) else None


def _whole_step(change: Change, _directions: Mapping[str, bool]) -> Judgement | None:
    if change.area is not Area.STEP:
        return None
    found = {
        "added": "",
        "removed": "What it made is not made any more.",
        "renamed": "That it is the same step is a guess from its content; results under the old name are not reused.",
        "branch": "It runs under another condition.",
        "type": "It is another kind of step.",
        "pipeline removed": "Its executions end with it.",
        "pipeline added": "",
    }
    return (Severity.REVIEW, found[change.what]) if change.what in found else None


def _engine(change: Change, _directions: Mapping[str, bool]) -> Judgement | None:
    """Say where a step runs if that is Spark on one side only, which is more than another image."""
    before, after = (SPARK_REPOSITORY in (text or "") for text in (change.before, change.after))
    if change.area is not Area.IMAGE or before == after:
        return None
    where = "a Spark cluster" if after else "one machine"
    return Severity.REVIEW, f"The step runs on {where} now, with the same results in other numbers of files."


def _features(change: Change, _directions: Mapping[str, bool]) -> Judgement | None:
    if ".ContainerArguments.--without" not in change.what:
        return None
    return Severity.REVIEW, "The next model predicts from other columns, on the same data."


def _approval(change: Change, _directions: Mapping[str, bool]) -> Judgement | None:
    if "ModelApprovalStatus" not in (change.subject, change.what) or "Approved" not in (change.after or "").split(", "):
        return None
    return Severity.REVIEW, "A model may be registered as approved, without a person who looks at it."


def _parameter(change: Change, _directions: Mapping[str, bool]) -> Judgement | None:
    if change.what == "removed" and change.area is not Area.STEP and change.area is not Area.EDGE:
        return Severity.REVIEW, "A start that gives it is refused."
    if change.area is Area.PARAMETER and change.after is None and change.what == "default":
        return Severity.REVIEW, "Each start must give it now."
    if change.area is Area.PARAMETER and change.what == "added" and "no default" in (change.after or ""):
        return Severity.REVIEW, "Each start must give it."
    if change.what in ("type", "allowed values") and change.area is not Area.STEP:
        return Severity.REVIEW, "A start that was accepted may be refused, or the other way round."
    return (Severity.NOTE, "") if change.area is Area.PARAMETER else None


def _limit(change: Change, directions: Mapping[str, bool]) -> Judgement | None:
    """Say whether a limit's new default lets more models pass."""
    if change.what != "default" or change.subject not in directions:
        return None
    try:
        before, after = (float(text or "") for text in (change.before, change.after))
    except ValueError:
        return None
    looser = (after < before) == directions[change.subject]
    return (
        Severity.REVIEW,
        f"The quality gate is {'looser' if looser else 'stricter'}: {'more' if looser else 'fewer'} models pass.",
    )


def _find_directions(steps: Iterable[Step]) -> Iterator[tuple[str, bool]]:
    """Yield the parameters that conditions compare with, and whether a figure has to be at least as large."""
    for step in steps:
        if step.type == "Condition":
            for condition in _comparisons(step.arguments.get("Conditions", ())):
                at_least = condition["Type"].startswith("GreaterThan")
                for _, text in find(condition.get("RightValue")):
                    yield text.removeprefix("Parameters."), at_least


def _comparisons(node: Any) -> Iterator[Mapping[str, Any]]:
    match node:
        case {"Type": str(kind)} if kind.startswith(("GreaterThan", "LessThan")):
            yield node
        case dict():
            for value in node.values():
                yield from _comparisons(value)
        case list():
            for item in node:
                yield from _comparisons(item)
