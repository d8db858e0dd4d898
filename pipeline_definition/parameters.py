"""The pipeline's parameters: what may differ from one execution to the next."""

from collections.abc import Mapping
from dataclasses import dataclass

from sagemaker.core.workflow.parameters import Parameter, ParameterFloat, ParameterInteger, ParameterString

from pipeline_definition import names
from pipeline_definition.locations import RAW_DATA, RECORDS_TO_SCORE
from settings import Stage


@dataclass(frozen=True)
class JobParameters:
    """Those of every pipeline whose jobs read raw records."""

    input_data: ParameterString
    data_version: ParameterString
    processing_instance_type: ParameterString


@dataclass(frozen=True)
class TrainingParameters(JobParameters):
    """Those of the pipeline that trains."""

    data_version: ParameterString
    """Part of the cache key of whatever reads the input: S3 content is not. It has no default on purpose; with one, a
    start without it would find yesterday's results in the cache and register yesterday's model again."""
    processing_instance_count: ParameterInteger
    training_instance_count: ParameterInteger
    training_instance_type: ParameterString
    limits: Mapping[str, ParameterFloat]
    """By the names of the quality gate's limits."""
    model_approval_status: ParameterString

    def in_order(self) -> list[Parameter]:
        """Return all of them as the console shows them."""
        return [
            self.input_data,
            self.data_version,
            self.processing_instance_count,
            self.processing_instance_type,
            self.training_instance_count,
            self.training_instance_type,
            *self.limits.values(),
            self.model_approval_status,
        ]

    @classmethod
    def of(cls, stage: Stage) -> "TrainingParameters":
        """Return the parameters with the defaults of *stage*."""
        processing, training, registration = stage.processing, stage.training, stage.registration
        return cls(
            input_data=ParameterString(names.INPUT_DATA, default_value=RAW_DATA),
            data_version=ParameterString(names.DATA_VERSION),
            processing_instance_count=ParameterInteger("ProcessingInstanceCount", processing.instance_count),
            processing_instance_type=_processing_instance_type(stage),
            training_instance_count=ParameterInteger("TrainingInstanceCount", training.instance_count),
            training_instance_type=ParameterString(
                "TrainingInstanceType", training.instance_type, list(training.allowed_instance_types)
            ),
            limits={
                limit.name: ParameterFloat(limit.name, float(limit.default))
                for limit in stage.quality_gate.limits
                if limit.default is not None
            },
            model_approval_status=ParameterString(
                "ModelApprovalStatus", registration.approval_status, list(registration.allowed_approval_statuses)
            ),
        )


@dataclass(frozen=True)
class ScoringParameters(JobParameters):
    """Those of the pipeline that scores records with the approved model."""

    input_file: ParameterString
    """Added to `input_data`."""
    contributions: ParameterString
    """Whether each column's part in each prediction is written beside it."""

    def in_order(self) -> list[Parameter]:
        """Return all of them as the console shows them."""
        return [
            self.input_data,
            self.input_file,
            self.data_version,
            self.contributions,
            self.processing_instance_type,
        ]

    @classmethod
    def of(cls, stage: Stage) -> "ScoringParameters":
        """Return the parameters with the defaults of *stage*."""
        return cls(
            input_data=ParameterString(names.INPUT_DATA, default_value=RECORDS_TO_SCORE),
            input_file=ParameterString(names.INPUT_FILE, default_value=""),
            data_version=ParameterString(names.DATA_VERSION),
            contributions=ParameterString("Contributions", "false", ["false", "true"]),
            processing_instance_type=_processing_instance_type(stage),
        )


def _processing_instance_type(stage: Stage) -> ParameterString:
    processing = stage.processing
    return ParameterString("ProcessingInstanceType", processing.instance_type, list(processing.offered_instance_types))
