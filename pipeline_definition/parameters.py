"""The pipeline's parameters: what may differ from one execution to the next."""

from collections.abc import Mapping
from dataclasses import dataclass

from sagemaker.core.workflow.parameters import Parameter, ParameterFloat, ParameterInteger, ParameterString

from pipeline_definition import names
from pipeline_definition.locations import RAW_DATA
from settings import Stage


@dataclass(frozen=True)
class Parameters:
    """Every parameter."""

    input_data: ParameterString
    data_version: ParameterString
    """Part of the cache key of whatever reads the input: S3 content is not. It has no default on purpose; with one, a
    start without it would find yesterday's results in the cache and register yesterday's model again."""
    processing_instance_count: ParameterInteger
    processing_instance_type: ParameterString
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
            self.training_instance_type,
            *self.limits.values(),
            self.model_approval_status,
        ]

    @classmethod
    def of(cls, stage: Stage) -> "Parameters":
        """Return the parameters with the defaults of *stage*."""
        processing, training, registration = stage.processing, stage.training, stage.registration
        return cls(
            input_data=ParameterString("InputData", default_value=RAW_DATA),
            data_version=ParameterString(names.DATA_VERSION),
            processing_instance_count=ParameterInteger("ProcessingInstanceCount", processing.instance_count),
            processing_instance_type=ParameterString(
                "ProcessingInstanceType", processing.instance_type, list(processing.allowed_instance_types)
            ),
            training_instance_type=ParameterString(
                "TrainingInstanceType", training.instance_type, list(training.allowed_instance_types)
            ),
            limits={
                limit.name: ParameterFloat(limit.name, float(limit.default)) for limit in stage.quality_gate.limits
            },
            model_approval_status=ParameterString(
                "ModelApprovalStatus", registration.approval_status, list(registration.allowed_approval_statuses)
            ),
        )
