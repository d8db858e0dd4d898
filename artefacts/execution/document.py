"""Reads an execution from `execution.json`, as the local runner writes it: schemas/execution.schema.json.

What is not there, or of another type, is empty: a page about a damaged record is better than none.
"""

from collections.abc import Mapping
from typing import Any

from artefacts.documents import list_at, mapping_at, text_at, time_at, value_at
from artefacts.execution.model import Execution, Step


def read_document(document: Any) -> Execution:
    """Return the execution that *document* describes."""
    return Execution(
        arn=text_at(document, "PipelineExecutionArn"),
        pipeline_arn=text_at(document, "PipelineArn"),
        status=text_at(document, "PipelineExecutionStatus"),
        reason=text_at(document, "FailureReason"),
        created=time_at(document, "CreationTime"),
        modified=time_at(document, "LastModifiedTime"),
        parameters={
            text_at(each, "Name"): str(value_at(each, "Value")) for each in list_at(document, "PipelineParameters")
        },
        steps=tuple(_read_step(each) for each in list_at(document, "PipelineExecutionSteps")),
    )


def _read_step(record: Any) -> Step:
    outputs: Mapping[str, Any] = mapping_at(record, "Outputs")
    return Step(
        name=text_at(record, "StepName"),
        type=text_at(record, "StepType"),
        status=text_at(record, "StepStatus"),
        started=time_at(record, "StartTime"),
        ended=time_at(record, "EndTime"),
        reason=text_at(record, "FailureReason"),
        exit_message=text_at(record, "ExitMessage"),
        cache_source=text_at(record, "CacheHitResult", "SourcePipelineExecutionArn"),
        image=text_at(record, "ImageUri"),
        made=mapping_at(record, "Metadata"),
        outputs={str(name): str(folder) for name, folder in outputs.items()},
    )
