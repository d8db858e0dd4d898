"""What is compared of an execution or of a version, as far as it can be read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import ClientError

from artefacts.definition.graph import all_steps
from artefacts.documents import list_at, number_at, text_at
from artefacts.execution import Execution
from execution_report.arns import last_part
from execution_report.sources import PREDICTIONS, Facts, Prediction, parse_predictions
from operations.aws_errors import DENIED, read_error
from operations.executions.source import UnknownExecutionError
from operations.registry.assessment import Metric, read_assessment, read_file, read_metrics
from operations.registry.registry import Registry, UnreadableError
from operations.registry.version import Version
from pipeline_definition import names

_IMAGES = (("AppSpecification", "ImageUri"), ("AlgorithmSpecification", "TrainingImage"))
"""Where a processing job's arguments, and a training job's, have their image."""
_FEATURE_MODEL_FILE = "feature_model.json"


class Executions(Protocol):
    """What is asked here of the executions of an account, or of this machine, by their ARNs."""

    def read(self, arn: str) -> Execution:
        """Return the execution *arn*; raise `UnknownExecutionError` if there is none."""

    def read_definition(self, arn: str) -> Mapping[str, Any]:
        """Return the definition that it was started with; raise `UnknownExecutionError` if there is none."""

    def read_facts(self, arn: str) -> Facts:
        """Return what it came to."""


@dataclass(frozen=True)
class Contestant:
    """One side of a comparison."""

    name: str
    parameters: Mapping[str, str]
    data: Mapping[str, str]
    metrics: Mapping[str, Metric]
    test_rows: float | None
    predictions: tuple[Prediction, ...]
    """Of test rows, a sample where they are many; none where they could not be read."""
    code: Mapping[str, str]
    """Step -> its archive, which is named by its content."""
    images: Mapping[str, str]
    features: Mapping[str, str]
    """Feature -> its position among what the model takes."""
    unread: tuple[str, ...]


def read_version(version: Version, registry: Registry, executions: Executions) -> Contestant:
    """Return what is known of *version*: its own documents, and the parameters and the code of its execution."""
    unread: list[str] = []

    def read(uri: str, file: str, parse: Callable[[bytes], Any] = json.loads) -> Any:
        return read_file(uri, f"{file} of {version.name}", registry, unread, parse)

    beside = version.evaluation.rpartition("/")[0]
    facts = Facts(
        Execution(),
        evaluation=read(version.evaluation, "evaluation.json"),
        data_quality=read(version.data_quality, "data_quality.json"),
        predictions=read(beside and f"{beside}/{PREDICTIONS}", PREDICTIONS, parse_predictions),
    )
    features = read(f"{version.feature_model}/{_FEATURE_MODEL_FILE}", _FEATURE_MODEL_FILE)
    parameters, definition = _run_with(version.execution, executions, unread)
    return _contestant(f"version {version.number}", facts, parameters, definition, features, unread)


def read_execution(arn: str, executions: Executions, read: Callable[[str], bytes | None]) -> Contestant:
    """Return what is known of the execution *arn*, the files of whose outputs *read* can read."""
    unread: list[str] = []
    facts = executions.read_facts(arn)
    parameters, definition = _run_with(arn, executions, unread)
    unread += [f"{file} of {last_part(arn)}: {why}" for file, why in facts.unreadable.items()]
    features = _read_features(facts, read, unread)
    return _contestant(f"execution {last_part(arn)}", facts, parameters, definition, features, unread)


def _contestant(
    name: str,
    facts: Facts,
    parameters: Mapping[str, str],
    definition: Mapping[str, Any],
    features: Any,
    unread: list[str],
) -> Contestant:
    return Contestant(
        name=name,
        parameters=parameters,
        data=_describe_data(facts.data_quality, facts.rejections),
        metrics=read_metrics(facts.evaluation),
        test_rows=number_at(facts.evaluation, "rows"),
        predictions=facts.predictions or (),
        code=_find_code(definition),
        images=_find_images(definition),
        features={str(each): str(position) for position, each in enumerate(list_at(features, "features"), 1)},
        unread=tuple(unread),
    )


def _run_with(arn: str, executions: Executions, unread: list[str]) -> tuple[Mapping[str, str], Mapping[str, Any]]:
    """Return the parameters and the definition of the execution *arn*; each is empty where it cannot be read."""
    if not arn:
        unread.append("parameters and code: the version names no execution")
        return {}, {}

    def ask(what: str, question: Callable[[str], Mapping[str, Any]]) -> Mapping[str, Any]:
        try:
            return question(arn)
        except UnknownExecutionError as error:
            unread.append(f"{what} of execution {last_part(arn)}: {error}")
        except ClientError as error:
            code, message = read_error(error)
            if code not in DENIED:
                raise
            unread.append(f"{what} of execution {last_part(arn)}: {code}: {message}")  # such as of another account
        return {}

    return ask("parameters", lambda arn: executions.read(arn).parameters), ask("code", executions.read_definition)


def _read_features(facts: Facts, read: Callable[[str], bytes | None], unread: list[str]) -> Any:
    folders = [step.outputs.get(names.FEATURE_MODEL, "") for step in facts.execution.steps]
    folder = next(filter(None, folders), "")
    try:
        content = read(f"{folder.rstrip('/')}/{_FEATURE_MODEL_FILE}") if folder else None
        return json.loads(content) if content else None
    except (UnreadableError, ValueError) as error:
        unread.append(f"{_FEATURE_MODEL_FILE}: {error}")
        return None


def _describe_data(quality: Any, rejections: Any) -> dict[str, str]:
    data = read_assessment(None, quality).data
    counts = {"rejected rows": number_at(rejections, "rejected")}
    if data:
        counts |= {"rows": data.rows, "malformed records": data.malformed}
        counts |= {f"invalid {name}": count for name, count in data.invalid.items()}
        counts |= {f"missing {name}": count for name, count in data.missing.items()}
    version = {"version": data.version} if data else {}
    return version | {name: f"{count:,.0f}" for name, count in counts.items() if count is not None}


def _find_code(definition: Mapping[str, Any]) -> dict[str, str]:
    return {
        step.name: last_part(text_at(each, "S3Input", "S3Uri"))
        for step in all_steps(definition.get("Steps", ()))
        for each in list_at(step.arguments, "ProcessingInputs")
        if text_at(each, "InputName") == "code"
    }


def _find_images(definition: Mapping[str, Any]) -> dict[str, str]:
    found = {
        step.name: "".join(text_at(step.arguments, *path) for path in _IMAGES)
        for step in all_steps(definition.get("Steps", ()))
    }
    return {name: last_part(image) for name, image in found.items() if image}
