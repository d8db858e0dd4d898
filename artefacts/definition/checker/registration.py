"""Rules about what is registered with a model that requests for a version say nothing of."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem

_FIRST, _OTHERS = "InferenceSpecification", "AdditionalInferenceSpecifications"

_SCIKIT_LEARN = "/sagemaker-scikit-learn"

# In that image either of them makes `serve` install the code with pip, which needs the internet.
_INSTALLED = ("SAGEMAKER_PROGRAM", "SAGEMAKER_SUBMIT_DIRECTORY")


def find_specifications(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the inference specifications of a registration, each with its path in the *arguments*."""
    if _FIRST in arguments:
        yield _FIRST, arguments[_FIRST]
    for index, each in enumerate(arguments.get(_OTHERS, [])):
        yield f"{_OTHERS}[{index}]", each


def check_registration(definition: Definition) -> Iterator[Problem]:
    """Yield sample payloads and specifications that nothing could be made of."""
    for step in definition.steps:
        if step.type == "RegisterModel":
            path = f"{step.name}.Arguments"
            yield from _check_names(step.arguments, path)
            yield from _check_sample(step.arguments.get("SamplePayloadUrl"), f"{path}.SamplePayloadUrl")
            for name, specification in find_specifications(step.arguments):
                for index, container in enumerate(specification.get("Containers", [])):
                    yield from _check_container(container, f"{path}.{name}.Containers[{index}]")


def _check_names(arguments: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Yield names of several specifications: a deployment chooses one by its name."""
    counts = Counter(str(each.get("Name")) for each in arguments.get(_OTHERS, []))
    for name in (name for name, count in counts.items() if count > 1):
        yield Problem(f"{path}.{_OTHERS}", f"{name} is there {counts[name]} times: give each its own name")


def _check_sample(uri: Any, path: str) -> Iterator[Problem]:
    """Yield a payload that is no archive; source: CreateModelPackage in the API reference, SamplePayloadUrl."""
    end = uri["Std:Join"]["Values"][-1] if isinstance(uri, Mapping) and "Std:Join" in uri else uri
    if isinstance(end, str) and not end.endswith(".tar.gz"):
        yield Problem(path, f"{end} is no .tar.gz: name an archive of payloads")


def _check_container(container: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for variable in _INSTALLED:
        if _SCIKIT_LEARN in str(container.get("Image")) and container.get("Environment", {}).get(variable):
            found = f"{variable} does not start where there is no internet"
            yield Problem(f"{path}.Environment.{variable}", f"{found}: use SAGEMAKER_SERVING_MODULE")
