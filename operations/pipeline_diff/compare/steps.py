"""What changed in the steps of a pipeline, and in which of them wait for which."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from artefacts.definition.graph import Step, find_edges
from operations.pipeline_diff.change import Area, Change
from operations.pipeline_diff.compare.code import CodeChange, find_step_code
from operations.pipeline_diff.compare.differences import Difference, find_differences, normalize

Steps = Mapping[str, Step]

_AREAS: tuple[tuple[str, Area], ...] = (
    ("HyperParameters", Area.HYPERPARAMETER),
    ("StaticHyperParameters", Area.HYPERPARAMETER),
    ("ParameterRanges", Area.HYPERPARAMETER),
    ("HyperParameterRanges", Area.HYPERPARAMETER),
    ("InstanceType", Area.INSTANCE),
    ("InstanceCount", Area.INSTANCE),
    ("InstanceGroups", Area.INSTANCE),
    ("VolumeSizeInGB", Area.INSTANCE),
    ("ImageUri", Area.IMAGE),
    ("TrainingImage", Area.IMAGE),
    ("Image", Area.IMAGE),
    ("CacheConfig", Area.CACHING),
    ("RetryPolicies", Area.CACHING),
)
"""Member in a path -> what a difference below it is about; the first that is found counts."""

_KNOWN = frozenset(
    {
        *("AppSpecification", "AlgorithmSpecification", "Environment", "ProcessingInputs", "ProcessingOutputConfig"),
        *("InputDataConfig", "OutputDataConfig", "NetworkConfig", "VpcConfig", "RoleArn", "Tags", "StoppingCondition"),
        *("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "ProcessingResources", "ResourceConfig"),
        *("HyperParameterTuningJobConfig", "TrainingJobDefinition", "PropertyFiles", "OutputParameters", "FunctionArn"),
        *(
            "ErrorMessage",
            "ModelMetrics",
            "ModelApprovalStatus",
            "InferenceSpecification",
            "CustomerMetadataProperties",
        ),
        *("ModelPackageGroupName", "DriftCheckBaselines", "ProcessingJobName", "TrainingJobName", "Description"),
        *("DisplayName", "ModelLifeCycle", "SkipModelValidation", "IfSteps", "ElseSteps"),
    }
)
"""Members of a step that are a part of it like others."""


def area_of(step_type: str, path: str) -> Area:
    """Return what a difference at *path* of a step, such as `Arguments.HyperParameters.wd`, is about."""
    members = path.replace("[", ".[").split(".")
    if step_type == "Condition" and "Conditions" in members:
        return Area.LIMIT
    found = next((area for member, area in _AREAS if member in members), None)
    if found is None:
        return Area.STEP if _KNOWN & set(members) or step_type == "Lambda" else Area.OTHER
    return found


def compare_steps(before: Steps, after: Steps, code: Mapping[str, CodeChange]) -> Iterator[Change]:
    """Yield the steps that were added, removed or renamed, and what changed in the others."""
    removed = [before[name] for name in before if name not in after]
    added = [after[name] for name in after if name not in before]
    renamed = dict(_find_renamed(removed, added))
    before = {name: _follow(step, renamed) for name, step in before.items()}
    for step in removed:
        new = renamed.get(step.name)
        yield Change(Area.STEP, step.name, "renamed" if new else "removed", step.name if new else step.type, new)
        if new:
            yield from _compare_step(before[step.name], after[new], code)
    for step in added:
        if step.name not in renamed.values():
            yield Change(Area.STEP, step.name, "added", None, step.type)
    for name in before:
        if name in after:
            yield from _compare_step(before[name], after[name], code)


def _compare_step(old: Step, new: Step, code: Mapping[str, CodeChange]) -> Iterator[Change]:
    if old.type != new.type:
        yield Change(Area.STEP, new.name, "type", old.type, new.type)
    if old.branch != new.branch:
        yield Change(Area.STEP, new.name, "branch", old.branch or "always", new.branch or "always")
    for difference in find_differences(_without_edges(old), _without_edges(new)):
        area = area_of(new.type, difference.where)
        yield Change(area, new.name, _shorten(difference), difference.said_before, difference.said_after)
    yield from tell_code(new.name, find_step_code(new.document, code))


def tell_code(subject: str, changes: Sequence[CodeChange]) -> Iterator[Change]:
    """Yield which files changed in what *subject* runs."""
    files = tuple(dict.fromkeys(file for each in changes for file in each.files))
    if files:
        yield Change(Area.CODE, subject, "1 file" if len(files) == 1 else f"{len(files)} files", details=files)
    if not all(each.known for each in changes):
        told = "the archives are not at hand: compare assemblies to see the files"
        yield Change(Area.CODE, subject, "another archive", details=(told,))


def _without_edges(step: Step) -> dict[str, Any]:
    return {key: value for key, value in step.document.items() if key not in ("Name", "Type", "DependsOn")}


def _shorten(difference: Difference) -> str:
    """Return the path, without what every step's begins with."""
    return difference.where.removeprefix("Arguments.")


_MOST_PAIRS = 1_000
"""More are not looked through for new names of steps: it takes a second."""


def _find_renamed(removed: Sequence[Step], added: Sequence[Step]) -> Iterator[tuple[str, str]]:
    """Yield pairs of names that are nearly the same step: a hint, as a definition has no other identity."""
    if len(removed) * len(added) > _MOST_PAIRS:
        return
    left = list(added)
    for old in removed:
        likely = [(_likeness(old, new), new.name, new) for new in left if new.type == old.type]
        if likely and (best := max(likely, key=lambda each: each[:2]))[0] >= 0.8:
            left.remove(best[2])
            yield old.name, best[1]


def _follow(step: Step, renamed: Mapping[str, str]) -> Step:
    """Return *step* with references to the new names of others."""
    text = json.dumps(step.document)
    for old, new in renamed.items():
        text = text.replace(f"Steps.{json.dumps(old)[1:-1]}.", f"Steps.{json.dumps(new)[1:-1]}.")
    return replace(step, document=json.loads(text), branch=".".join(renamed.get(n, n) for n in step.branch.split(".")))


def _likeness(old: Step, new: Step) -> float:
    before, after = (
        json.dumps(normalize(_without_edges(step)), sort_keys=True, indent=0).replace(step.name, "").split("\n")
        for step in (old, new)
    )
    return SequenceMatcher(None, before, after, autojunk=False).ratio()


def compare_edges(before: Steps, after: Steps) -> Iterator[Change]:
    """Yield the edges between steps of both sides that were added or removed."""
    old, new = find_edges(before), find_edges(after)
    both = before.keys() & after.keys()
    for start, end in sorted(old ^ new):
        if {start, end} <= both:
            edge = f"{start} -> {end}"
            if (start, end) in old:
                yield Change(Area.EDGE, end, "removed", edge, None)
            else:
                yield Change(Area.EDGE, end, "added", None, edge)
    for name in sorted(both):
        listed = [set(steps[name].document.get("DependsOn", ())) for steps in (before, after)]
        if listed[0] != listed[1] and {edge for edge in old ^ new if edge[1] == name} == set():
            texts = [", ".join(sorted(each)) or None for each in listed]
            yield Change(Area.EDGE, name, "DependsOn, with the same order", texts[0], texts[1])
