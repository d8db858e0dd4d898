"""The pipeline's parameters: what may differ from one execution to the next."""

from dataclasses import dataclass

from sagemaker.core.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString

from pipeline_definition.locations import RAW_DATA
from settings import Stage


@dataclass(frozen=True)
class Parameters:
    """Every parameter, in the order in which the console shows them."""

    input_data: ParameterString
    data_version: ParameterString
    """Part of the cache key of whatever reads the input: S3 content is not. It has no default on purpose; with one, a
    start without it would find yesterday's results in the cache and register yesterday's model again."""
    processing_instance_count: ParameterInteger
    processing_instance_type: ParameterString
    training_instance_type: ParameterString
    minimum_r2: ParameterFloat
    maximum_rmse: ParameterFloat
    minimum_improvement: ParameterFloat
    model_approval_status: ParameterString

    @classmethod
    def of(cls, stage: Stage) -> "Parameters":
        """Return the parameters with the defaults of *stage*."""
        processing, training, gate, registration = (
            stage.processing,
            stage.training,
            stage.quality_gate,
            stage.registration,
        )
        return cls(
            input_data=ParameterString("InputData", default_value=RAW_DATA),
            data_version=ParameterString("DataVersion"),
            processing_instance_count=ParameterInteger("ProcessingInstanceCount", processing.instance_count),
            processing_instance_type=ParameterString(
                "ProcessingInstanceType", processing.instance_type, list(processing.allowed_instance_types)
            ),
            training_instance_type=ParameterString(
                "TrainingInstanceType", training.instance_type, list(training.allowed_instance_types)
            ),
            minimum_r2=ParameterFloat("MinimumR2", float(gate.minimum_r2)),
            maximum_rmse=ParameterFloat("MaximumRmse", float(gate.maximum_rmse)),
            minimum_improvement=ParameterFloat("MinimumImprovement", float(gate.minimum_improvement)),
            model_approval_status=ParameterString(
                "ModelApprovalStatus", registration.approval_status, list(registration.allowed_approval_statuses)
            ),
        )
