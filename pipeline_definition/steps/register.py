"""EmpBonusRegisterModel: the trained model -> a version in the model registry, waiting for a person's approval."""

from typing import Any

from sagemaker.core.drift_check_baselines import DriftCheckBaselines
from sagemaker.core.helper.pipeline_variable import StrPipeVar
from sagemaker.core.metadata_properties import MetadataProperties
from sagemaker.core.model_metrics import MetricsSource, ModelMetrics
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.steps import ProcessingStep
from sagemaker.serve.model_builder import ModelBuilder

from pipeline_definition import names
from pipeline_definition.algorithms import linear_learner
from pipeline_definition.algorithms.trained_model import TrainedModel
from pipeline_definition.build import TrainingBuild
from pipeline_definition.job_policies import STEP_RETRIES
from pipeline_definition.jobs.processing_job import find_image, output_of
from pipeline_definition.model_card import model_card
from pipeline_definition.offline_session import STAND_IN_ROLE_ARN
from pipeline_definition.placeholders import CODE, name_of
from pipeline_definition.steps.evaluate import figure


def register_step(
    build: TrainingBuild,
    data_quality: ProcessingStep,
    preprocessing: ProcessingStep,
    trained: TrainedModel,
    evaluation: ProcessingStep,
) -> ModelStep:
    """Return the step."""
    registration = build.stage.registration
    builder = ModelBuilder(
        image_uri=linear_learner.find_image(build),
        s3_model_data_url=trained.artefact,
        role_arn=STAND_IN_ROLE_ARN,
        sagemaker_session=build.session,
    )
    statistics = _json_file(output_of(data_quality, names.DATA_QUALITY), names.DATA_QUALITY_FILE)
    step_args = builder.register(
        model_package_group_name=build.stage.model_package_group_name,
        content_types=[linear_learner.CONTENT_TYPE],
        response_types=list(linear_learner.RESPONSE_TYPES),
        inference_instances=list(registration.inference_instance_types),
        transform_instances=list(registration.transform_instance_types),
        approval_status=build.parameters.model_approval_status,
        metadata_properties=MetadataProperties(generated_by=ExecutionVariables.PIPELINE_EXECUTION_ARN),
        model_metrics=ModelMetrics(
            model_statistics=_json_file(output_of(evaluation, names.EVALUATION), names.EVALUATION_FILE),
            model_data_statistics=statistics,
        ),
        # From here the next execution's data quality step takes its baseline, once this version is approved.
        drift_check_baselines=DriftCheckBaselines(model_data_statistics=statistics),
        customer_metadata_properties=_metadata(build, preprocessing, evaluation),
        domain="MACHINE_LEARNING",
        task="REGRESSION",
        sample_payload_url=_file(output_of(evaluation, names.SERVING), names.SAMPLE_FILE),
        model_card=model_card(registration.card, evaluation) if registration.card else None,
    )
    # `register` has no argument for it (aws/sagemaker-python-sdk#2829 would have added one).
    step_args.create_model_package_request["AdditionalInferenceSpecifications"] = [_raw_records(build, evaluation)]
    return ModelStep(name=names.REGISTRATION_STEP, step_args=step_args, retry_policies=list(STEP_RETRIES))


def _raw_records(build: TrainingBuild, evaluation: ProcessingStep) -> dict[str, Any]:
    """Return another way to serve the same model: in our container, which takes raw records as they are."""
    registration = build.stage.registration
    container = {
        "Image": find_image(build),
        "ModelDataUrl": _file(output_of(evaluation, names.SERVING), names.SERVING_FILE),
        "Environment": {
            "SAGEMAKER_SERVING_MODULE": names.SERVING_MODULE,
            "PYTHONPATH": "/opt/ml/model/code",
            "OPENBLAS_NUM_THREADS": "1",
            # The number of the version is not known yet; who made it is in its metadata, too.
            names.MODEL_VERSION_VARIABLE: ExecutionVariables.PIPELINE_EXECUTION_ID,
        },
    }
    return {
        "Name": names.RAW_RECORDS,
        "Description": "raw employee records, as the training file has them without the label",
        "Containers": [container],
        "SupportedTransformInstanceTypes": list(registration.transform_instance_types),
        "SupportedRealtimeInferenceInstanceTypes": list(registration.inference_instance_types),
        "SupportedContentTypes": list(names.RAW_CONTENT_TYPES),
        "SupportedResponseMIMETypes": list(names.RAW_RESPONSE_TYPES),
    }


def _metadata(build: TrainingBuild, preprocessing: ProcessingStep, evaluation: ProcessingStep) -> dict[str, StrPipeVar]:
    return {
        "ModelType": build.stage.registration.model_type,
        names.DATA_VERSION: build.parameters.data_version,
        # The model is of no use without the transformation of its inputs.
        "FeatureModel": output_of(preprocessing, names.FEATURE_MODEL),
        # An archive's key is its content's hash.
        **{name_of(CODE[job]): CODE[job] for job in names.JOBS},
        **_gate_figures(build, evaluation),
    }


def _gate_figures(build: TrainingBuild, evaluation: ProcessingStep) -> dict[str, StrPipeVar]:
    """Return the figures that let the model pass, and the limits they kept."""
    figures = {limit.figure_name: limit.figure for limit in build.stage.quality_gate.limits}
    return {
        # Metadata is text; a join of one figure makes it one.
        **{name: Join(on="", values=[figure(evaluation, path)]) for name, path in figures.items()},
        **{name: value.to_string() for name, value in build.parameters.limits.items()},
    }


def _json_file(folder: StrPipeVar, name: str) -> MetricsSource:
    return MetricsSource(content_type="application/json", s3_uri=_file(folder, name))


def _file(folder: StrPipeVar, name: str) -> StrPipeVar:
    return Join(on="/", values=[folder, name])
