"""Which attributes of a step decide whether an earlier result is reused.

Source: "Caching pipeline steps: default cache key attributes" in the SageMaker developer guide. Step types that are not
here always run. Output locations, instances, roles, networks and limits are in no key, and neither is S3 content.
"""

from collections.abc import Mapping
from typing import Any

CACHE_KEYS: Mapping[str, tuple[str, ...]] = {
    "Processing": ("AppSpecification", "Environment", "ProcessingInputs"),
    "Training": (
        "AlgorithmSpecification",
        "CheckpointConfig",
        "DebugHookConfig",
        "DebugRuleConfigurations",
        "Environment",
        "HyperParameters",
        "InputDataConfig",
    ),
    "Tuning": (
        "HyperParameterTuningJobConfig",
        "TrainingJobDefinition.AlgorithmSpecification",
        "TrainingJobDefinition.HyperParameterRanges",
        "TrainingJobDefinition.InputDataConfig",
        "TrainingJobDefinition.StaticHyperParameters",
        "TrainingJobDefinition.TuningObjective",
        "TrainingJobDefinitions",
    ),
}
"""Step type -> paths below its Arguments."""


def key_attributes(step_type: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of *arguments* that are in the cache key of a step of *step_type*, by their paths."""
    found = {path: _attribute(arguments, path) for path in CACHE_KEYS[step_type]}
    return {path: value for path, value in found.items() if value is not None}


def _attribute(arguments: Mapping[str, Any], path: str) -> Any:
    member, _, rest = path.partition(".")
    value = arguments.get(member)
    return _attribute(value or {}, rest) if rest else value
