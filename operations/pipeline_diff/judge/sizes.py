"""How large templates and definitions are, against what the services take."""

from collections.abc import Iterable, Iterator

from operations.pipeline_diff.change import Area, Change, Severity, Size
from operations.pipeline_diff.compare.pipelines import Version, VersionPair
from operations.pipeline_diff.read.side import Side

_QUOTAS = "Understand CloudFormation quotas"
_NEAR = 0.8


def measure(base: Side, head: Side, renamed: dict[str, str], pipelines: Iterable[VersionPair]) -> Iterator[Size]:
    """Yield the sizes of all templates and definitions of either side."""
    news = {new: old for old, new in renamed.items()}
    for stack in dict.fromkeys((*(renamed.get(name, name) for name in base.stacks), *head.stacks)):
        old = news.get(stack, stack)
        bytes_ = (side.sizes.get(name) for side, name in ((base, old), (head, stack)))
        yield Size(f"template of {stack}", *bytes_, 1_000_000, "bytes", _QUOTAS)
        counts = (_count(side, name) for side, name in ((base, old), (head, stack)))
        yield Size(f"template of {stack}", *counts, 500, "resources", _QUOTAS)
    for pair in pipelines:
        versions = pair.before, pair.after
        characters = (each and each.pipeline.characters for each in versions)
        yield Size(f"definition of {pair.name}", *characters, 1_048_576, "characters", "CreatePipeline")
        parameters = (_parameters(each) for each in versions)
        yield Size(f"definition of {pair.name}", *parameters, 200, "parameters", "StartPipelineExecution")


def compare_sizes(sizes: Iterable[Size]) -> Iterator[Change]:
    """Yield what outgrew its limit, or came near it."""
    for size in sizes:
        if size.before == size.after or size.after is None:
            continue
        texts = [None if each is None else f"{each:,} {size.unit}" for each in (size.before, size.after)]
        if size.after > size.limit:
            why = f"The service takes {size.limit:,} {size.unit} ({size.source}): the deployment will fail."
            yield Change(Area.SIZE, size.subject, "over its limit", texts[0], texts[1], Severity.REVIEW, why)
        elif size.after >= _NEAR * size.limit > (size.before or 0):
            why = f"The service takes {size.limit:,} {size.unit} ({size.source})."
            yield Change(Area.SIZE, size.subject, "near its limit", texts[0], texts[1], Severity.NOTE, why)


def _count(side: Side, stack: str) -> int | None:
    return len(side.stacks[stack].get("Resources", {})) if stack in side.stacks else None


def _parameters(version: Version | None) -> int | None:
    return len(version.definition.get("Parameters", ())) if version else None
