"""Compares two pipelines as they are written down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from artefacts.definition.graph import Step, all_steps
from operations.pictures.graph import read_graph
from operations.pipeline_diff.change import Area, Change, Graph
from operations.pipeline_diff.compare.code import CodeChange, compare_code, find_code
from operations.pipeline_diff.compare.differences import find_differences
from operations.pipeline_diff.compare.matching import match_names
from operations.pipeline_diff.compare.parameters import compare_parameters
from operations.pipeline_diff.compare.steps import Steps, compare_edges, compare_steps
from operations.pipeline_diff.read.placeholders import bind
from operations.pipeline_diff.read.side import Document, Side, WrittenPipeline


@dataclass(frozen=True)
class Version:
    """A pipeline on one side."""

    pipeline: WrittenPipeline
    side: Side

    @property
    def definition(self) -> Document:
        """What it does."""
        return self.pipeline.definition

    @cached_property
    def steps(self) -> dict[str, Step]:
        """All steps by their names."""
        return {step.name: step for step in all_steps(self.definition.get("Steps", ()))}

    @cached_property
    def code(self) -> dict[str, str]:
        """Object key of the archive behind each placeholder that stands for one."""
        return find_code(self.pipeline, self.side)

    def graph(self, changed: frozenset[str]) -> Graph:
        """Return the picture of its steps."""
        return replace(read_graph(self.definition), changed=changed & self.steps.keys())


@dataclass(frozen=True)
class VersionPair:
    """A pipeline on both sides, or on one."""

    name: str
    before: Version | None
    after: Version | None

    @cached_property
    def code(self) -> dict[str, CodeChange]:
        """What changed in the archives."""
        if self.before is None or self.after is None:
            return {}
        return compare_code(self.before.code, self.after.code, (self.before.side, self.after.side))

    @property
    def both_know(self) -> set[str]:
        """Placeholders that stand for an archive on both sides."""
        return set(self.before.code) & set(self.after.code) if self.before and self.after else set()

    def compare(self) -> Iterator[Change]:
        """Yield what is different."""
        if self.before is None or self.after is None:
            given, what = (self.after, "added") if self.after else (self.before, "removed")
            count = f"{len(given.steps)} steps" if given else None
            yield Change(Area.STEP, self.name, f"pipeline {what}", *((None, count) if self.after else (count, None)))
            return
        old, new = self.before.steps, self.after.steps
        definitions = self.before.definition, self.after.definition
        yield from compare_parameters(*definitions, [*old.values(), *new.values()])
        yield from compare_steps(old, new, self.code)
        yield from compare_edges(old, new)
        yield from self._compare_values()
        others = [{key: value for key, value in each.items() if key not in _COMPARED} for each in definitions]
        for difference in find_differences(others[0], others[1]):
            yield Change(Area.OTHER, self.name, difference.where, difference.said_before, difference.said_after)

    def _compare_values(self) -> Iterator[Change]:
        """Yield what a template puts into the same place of the definition, but for code."""
        before, after = (
            {name: value for name, value in each.pipeline.values.items() if name not in self.both_know}
            for each in (self.before, self.after)
            if each is not None
        )
        for name in before.keys() & after.keys():
            for difference in find_differences(before[name], after[name]):
                yield Change(Area.OTHER, self.name, f"${{{name}}}", difference.said_before, difference.said_after)


_COMPARED = ("Parameters", "Steps")


def pair_pipelines(base: Side, head: Side) -> tuple[list[VersionPair], list[str]]:
    """Return the pipelines of both sides in pairs, and what only one side has and the other cannot have."""
    olds, news = ({each.name: Version(each, side) for each in side.pipelines} for side in (base, head))
    pairs, not_compared = [], []
    for old, new in match_names(_parts(olds), _parts(news)):
        before, after = olds.get(old) if old is not None else None, news.get(new) if new is not None else None
        name = new or old or "pipeline"
        lacking = head if after is None else base
        if (before is None or after is None) and not lacking.whole:
            not_compared.append(f"pipeline {name}: {lacking.name} has none like it")
        elif not all(each.pipeline.readable for each in (before, after) if each):
            not_compared.append(f"pipeline {name}: its template names a file in S3 and has no definition")
        else:
            pairs.append(VersionPair(name, before and after and _align(before, after), after))
    return pairs, not_compared


def _parts(versions: Mapping[str, Version]) -> dict[str, frozenset[str]]:
    return {name: frozenset(version.steps) for name, version in versions.items()}


def _align(before: Version, after: Version) -> Version:
    """Return *before* with the names that *after* gives to the same values in the place of its own."""
    own, others = before.pipeline.values, after.pipeline.values
    names = {repr(value): name for name, value in others.items() if name not in own}
    renamed = {name: names[repr(value)] for name, value in own.items() if name not in others and repr(value) in names}
    if not renamed:
        return before
    texts = {old: f"${{{new}}}" for old, new in renamed.items()}
    values = {renamed.get(name, name): value for name, value in own.items()}
    return Version(
        replace(before.pipeline, definition=bind(before.pipeline.definition, texts), values=values), before.side
    )


def find_changed_steps(changes: list[Change], steps: Steps) -> frozenset[str]:
    """Return the steps that *changes* are about; a renamed one under both names."""
    named = [change.subject for change in changes]
    named += [change.after for change in changes if change.what == "renamed" and change.after]
    return frozenset(named) & steps.keys()
