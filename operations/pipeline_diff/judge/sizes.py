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
        name = f"template of {stack}"
        yield Size(name, base.sizes.get(old), head.sizes.get(stack), 1_000_000, "bytes", _QUOTAS)
        yield Size(name, _resources(base, old), _resources(head, stack), 500, "resources", _QUOTAS)
    for pair in pipelines:
        name, old_version, new_version = f"definition of {pair.name}", pair.before, pair.after
        characters = [each.pipeline.characters if each else None for each in (old_version, new_version)]
        yield Size(name, characters[0], characters[1], 1_048_576, "characters", "CreatePipeline")
        parameters = _parameters(old_version), _parameters(new_version)
        yield Size(name, parameters[0], parameters[1], 200, "parameters", "StartPipelineExecution")


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


def _resources(side: Side, stack: str) -> int | None:
    return len(side.stacks[stack].get("Resources", {})) if stack in side.stacks else None


def _parameters(version: Version | None) -> int | None:
    return len(version.definition.get("Parameters", ())) if version else None
