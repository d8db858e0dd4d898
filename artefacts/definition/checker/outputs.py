"""Rules about where steps write: executions must not overwrite each other, nor outputs run into each other."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from artefacts.definition.checker.document import Definition, Job
from artefacts.definition.checker.problem import Problem
from artefacts.definition.references import find


class _Output(NamedTuple):
    path: str
    uri: Any
    branch: str


def check_outputs(definition: Definition) -> Iterator[Problem]:
    """Yield outputs that another execution, or another output, could be mistaken for."""
    outputs = [output for job in definition.jobs for output in _outputs(job)]
    for output in outputs:
        if "Execution.PipelineExecutionId" not in [text for _, text in find(output.uri)]:
            yield Problem(output.path, "no execution id in the path: join Execution.PipelineExecutionId into it")
        for other in outputs:
            if other is not output and _can_meet(output, other) and _runs_into(output.uri, other.uri):
                yield Problem(
                    output.path,
                    f"reading this S3 prefix also reads {other.path}: give it a name the other does not begin with",
                )


def _outputs(job: Job) -> Iterator[_Output]:
    for index, output in enumerate(job.arguments.get("ProcessingOutputConfig", {}).get("Outputs", [])):
        path = f"{job.path}.ProcessingOutputConfig.Outputs[{index}].S3Output.S3Uri"
        yield _Output(path, output.get("S3Output", {}).get("S3Uri"), job.step.branch)
    if "OutputDataConfig" in job.arguments:
        uri = job.arguments["OutputDataConfig"].get("S3OutputPath")
        yield _Output(f"{job.path}.OutputDataConfig.S3OutputPath", uri, job.step.branch)


def _can_meet(one: _Output, other: _Output) -> bool:
    """Return whether both can be written in one execution: two branches of a condition exclude each other."""
    return one.branch.startswith(other.branch) or other.branch.startswith(one.branch)


def _runs_into(uri: Any, other: Any) -> bool:
    """Return whether *uri* is a string prefix of *other* but no folder of it: S3 does not know folders."""
    text, other_text = _text(uri), _text(other)
    return other_text.startswith(text) and not other_text.startswith(f"{text.rstrip('/')}/")


def _text(uri: Any) -> str:
    match uri:
        case {"Std:Join": {"On": on, "Values": values}}:
            return str(on).join(map(_text, values))
        case {"Get": reference}:
            return f"<{reference}>"
        case _:
            return str(uri)
