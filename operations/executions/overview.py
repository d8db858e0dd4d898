"""Executions beside the versions that they registered."""

from dataclasses import dataclass

from operations.executions.source import Executions, Summary
from operations.registry.assessment import Assessment, assess
from operations.registry.registry import Registry, list_versions
from operations.registry.version import Version


@dataclass(frozen=True)
class Row:
    """An execution, the version that it registered, or both."""

    execution: Summary | None
    version: Version | None
    assessment: Assessment | None


def find_rows(executions: Executions, registry: Registry, limit: int) -> list[Row]:
    """Return the newest executions with their versions, and then the versions of others; *limit* of each."""
    summaries = executions.list_newest(limit)
    versions = {each.execution or each.arn: each for each in list_versions(registry, limit)}
    rows = [_join(each, versions.pop(each.arn, None), registry) for each in summaries]
    return [*rows, *(_join(None, each, registry) for each in versions.values())]


def _join(summary: Summary | None, version: Version | None, registry: Registry) -> Row:
    return Row(summary, version, assess(version, registry) if version else None)
