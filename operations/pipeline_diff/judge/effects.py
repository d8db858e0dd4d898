"""Which steps the next execution computes anew, and which it takes from the cache.

It is compared with an execution before the change, with the same values of parameters that have no default, whose
results have not expired. That the name of a step, and nothing outside its key attributes, decides is our reading of
"Caching pipeline steps"; so is that the order of inputs is no difference.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from artefacts.definition.cache_keys import CACHE_KEYS, key_attributes
from artefacts.definition.graph import Step
from artefacts.definition.references import MalformedReferenceError, StepReference, find, parse
from operations.pipeline_diff.change import StepEffect
from operations.pipeline_diff.compare.differences import ABSENT, find_differences, normalize
from operations.pipeline_diff.compare.parameters import resolve_defaults
from operations.pipeline_diff.compare.pipelines import Version, VersionPair
from operations.pipeline_diff.read.placeholders import bind


def find_effects(pair: VersionPair) -> tuple[StepEffect, ...]:
    """Return what happens to each step of the pipeline after the change, in the order of execution."""
    if pair.after is None:
        return ()
    effects: dict[str, StepEffect] = {}
    for step in _in_order(pair.after.steps):
        because = _reason(step, pair, effects)
        effects[step.name] = StepEffect(step.name, because != "", because or _kept(step, pair))
    return tuple(effects[name] for name in pair.after.steps)


def _reason(step: Step, pair: VersionPair, effects: Mapping[str, StepEffect]) -> str:
    """Return why *step* is computed anew, or nothing."""
    if step.type not in CACHE_KEYS:
        return f"a {step.type} step always runs"
    if not _is_cached(step):
        return "it is not cached"
    old = pair.before.steps.get(step.name) if pair.before else None
    if old is None or pair.before is None or pair.after is None:
        return "it is new"
    names = pair.before.pipeline.name, pair.after.pipeline.name
    if all(names) and names[0] != names[1]:
        return "the pipeline has another name"
    if old.type != step.type or not _is_cached(old):
        return "it was not cached before"
    # A definition alone does not say what its placeholders stand for.
    codes = [{name: each.code[name] for name in pair.both_know} for each in (pair.before, pair.after)]
    changed = _changed_attributes(_key(old, pair.before, codes[0]), _key(step, pair.after, codes[1]), step, pair)
    if changed:
        return f"{', '.join(changed)} changed"
    anew = [need for need in _reads(step) if need in effects and effects[need].recomputed and _hands_on(pair, need)]
    return f"it reads what {', '.join(anew)} makes anew" if anew else ""


def _changed_attributes(
    before: Mapping[str, Any], after: Mapping[str, Any], step: Step, pair: VersionPair
) -> list[str]:
    changed = [
        name
        for name in dict.fromkeys((*before, *after))
        if any(find_differences(before.get(name, ABSENT), after.get(name, ABSENT), (name,)))
    ]
    if any(f"${{{name}}}" in json.dumps(step.document) for name in pair.code) and changed:
        code = [pair.code[name] for name in pair.code if f"${{{name}}}" in json.dumps(step.document)]
        only_packed = all(each.known and not each.files for each in code)
        told = "the name of its code's archive" if only_packed else "its code"
        return [told, *_besides_code(changed, step, pair)]
    return changed


def _besides_code(changed: list[str], step: Step, pair: VersionPair) -> list[str]:
    """Return those of the *changed* attributes that differ in more than the names of archives."""
    if pair.before is None or pair.after is None:
        return changed
    keys = [
        key_attributes(each.steps[step.name].type, resolve_defaults(each.steps[step.name].arguments, each.definition))
        for each in (pair.before, pair.after)
    ]
    return [
        name for name in changed if any(find_differences(keys[0].get(name, ABSENT), keys[1].get(name, ABSENT), (name,)))
    ]


def _key(step: Step, version: Version, code: Mapping[str, str]) -> dict[str, Any]:
    arguments = resolve_defaults(step.arguments, version.definition)
    attributes: dict[str, Any] = normalize(bind(key_attributes(step.type, arguments), code))
    return attributes


def _kept(step: Step, pair: VersionPair) -> str:
    """Return why *step* comes from the cache."""
    steps = pair.after.steps if pair.after else {}
    asked = [need for need in _reads(step) if need in steps and steps[need].type not in CACHE_KEYS]
    if asked:
        return f"nothing in its key changed, as long as {', '.join(asked)} returns what it did"
    return "nothing in its key changed"


def _hands_on(pair: VersionPair, need: str) -> bool:
    """Return whether what *need* makes anew is at another location each time; what a function returns may be equal."""
    return pair.after is not None and pair.after.steps[need].type in CACHE_KEYS


def _reads(step: Step) -> list[str]:
    """Return the steps that the key attributes of *step* refer to."""
    found = []
    for _, text in find(key_attributes(step.type, step.arguments)):
        try:
            reference = parse(text)
        except MalformedReferenceError:
            continue
        if isinstance(reference, StepReference):
            found.append(reference.step)
    return list(dict.fromkeys(found))


def _is_cached(step: Step) -> bool:
    return bool(step.document.get("CacheConfig", {}).get("Enabled"))


def _in_order(steps: Mapping[str, Step]) -> Iterator[Step]:
    """Yield *steps* so that each comes after those that it needs; those in a circle as they are written."""
    done: set[str] = set()
    left = list(steps.values())
    while left:
        ready = [step for step in left if step.needs & steps.keys() <= done] or left[:1]
        yield from ready
        done |= {step.name for step in ready}
        left = [step for step in left if step.name not in done]
