"""EmpBonusRegisterModel: the trained model -> a version in the model registry, waiting for a person's approval."""

from sagemaker.core.metadata_properties import MetadataProperties
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.steps import ProcessingStep, TrainingStep
from sagemaker.serve.model_builder import ModelBuilder

from pipeline_definition.build import Build
from pipeline_definition.job_policies import STEP_RETRIES
from pipeline_definition.offline_session import STAND_IN_ROLE_ARN
from pipeline_definition.steps.processing_job import output_of
from pipeline_definition.steps.train import linear_learner_image


def register_step(build: Build, preprocessing: ProcessingStep, training: TrainingStep) -> ModelStep:
    """Return the step."""
    registration = build.stage.registration
    builder = ModelBuilder(
        image_uri=linear_learner_image(build),
        s3_model_data_url=training.properties.ModelArtifacts.S3ModelArtifacts,
        role_arn=STAND_IN_ROLE_ARN,
        sagemaker_session=build.session,
    )
    step_args = builder.register(
        model_package_group_name=build.stage.model_package_group_name,
        content_types=["text/csv"],
        # Linear Learner answers in these two only; docs/decisions/0010.
        response_types=["application/json", "application/jsonlines"],
        inference_instances=list(registration.inference_instance_types),
        transform_instances=list(registration.transform_instance_types),
        approval_status=build.parameters.model_approval_status,
        metadata_properties=MetadataProperties(generated_by=ExecutionVariables.PIPELINE_EXECUTION_ARN),
        customer_metadata_properties={
            "ModelType": registration.model_type,
            "DataVersion": build.parameters.data_version,
            # The model is of no use without the transformation of its inputs.
            "FeatureModel": output_of(preprocessing, "feature-model"),
        },
    )
    return ModelStep(name="EmpBonusRegisterModel", step_args=step_args, retry_policies=list(STEP_RETRIES))
