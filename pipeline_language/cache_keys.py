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
}


def key_attributes(step_type: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of *arguments* that are in the cache key of a step of *step_type*."""
    return {name: arguments[name] for name in CACHE_KEYS[step_type] if name in arguments}
