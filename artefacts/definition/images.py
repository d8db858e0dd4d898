"""The container images that the jobs of a definition run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from artefacts.definition.graph import all_steps

SPARK_REPOSITORY = "sagemaker-spark-processing"
"""Of AWS's image of jobs that run on Spark, in whose URI it stands."""

_MEMBERS = ("ImageUri", "TrainingImage")
"""Of a processing job's specification, and of the algorithm's of a training or tuning job."""


def find_images(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the images that jobs of *steps* run, each once; not those that a registered model names for serving."""
    return sorted({image for step in all_steps(steps) for image in _find(step.arguments)})


def find_serving_image(steps: Sequence[Mapping[str, Any]]) -> str:
    """Return the one image in which a model that *steps* register takes raw records."""
    (found,) = {
        container["Image"]
        for step in all_steps(steps)
        if step.type == "RegisterModel"
        for specification in step.arguments["AdditionalInferenceSpecifications"]
        for container in specification["Containers"]
    }
    return str(found)


def _find(node: Any) -> Iterator[str]:
    match node:
        case dict():
            yield from (node[member] for member in _MEMBERS if member in node)
            for value in node.values():
                yield from _find(value)
        case list():
            for item in node:
                yield from _find(item)
