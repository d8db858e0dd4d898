"""What Amazon's built-in algorithms read and write, of which requests for their jobs and models know nothing."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.registration import find_specifications

_LINEAR_LEARNER = re.compile(r"[^/]+/linear-learner[:@].+")

# "Linear Learner Algorithm" and "Linear learner response formats" in the developer guide; JSON Lines from the latter.
_TRAINED_ON = ("text/csv", "application/x-recordio-protobuf")
_TAKEN = ("text/csv", "application/json", "application/jsonlines", "application/x-recordio-protobuf")
_ANSWERED = ("application/json", "application/jsonlines", "application/x-recordio-protobuf")


def check_content_types(definition: Definition) -> Iterator[Problem]:
    """Yield content types that Linear Learner does not train on, take or answer with."""
    for job in definition.jobs:
        if _is_linear_learner(job.arguments.get("AlgorithmSpecification", {}).get("TrainingImage")):
            for index, channel in enumerate(job.arguments.get("InputDataConfig", [])):
                path = f"{job.path}.InputDataConfig[{index}].ContentType"
                # A channel without one is read as recordIO-protobuf: our guess.
                yield from _problems(path, [channel.get("ContentType")], _TRAINED_ON)
    for step in definition.steps:
        for path, specification in find_specifications(step.arguments):
            if any(_is_linear_learner(each.get("Image")) for each in specification.get("Containers", [])):
                yield from _check_inference(specification, f"{step.name}.Arguments.{path}")


def _check_inference(specification: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for member, known in (("SupportedContentTypes", _TAKEN), ("SupportedResponseMIMETypes", _ANSWERED)):
        yield from _problems(f"{path}.{member}", specification.get(member, []), known)


def _problems(path: str, found: list[Any], known: tuple[str, ...]) -> Iterator[Problem]:
    for each in found:
        # What stands behind a semicolon is a parameter, such as label_size.
        if isinstance(each, str | None) and str(each).partition(";")[0].strip() not in known:
            yield Problem(path, f"{each} is no content type of Linear Learner here: use {' or '.join(known)}")


def _is_linear_learner(image: Any) -> bool:
    return isinstance(image, str) and _LINEAR_LEARNER.fullmatch(image) is not None
