"""EmpBonusPreProcessing: raw employee records -> feature model, cleaned and transformed rows, rejected rows."""

from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.build import TrainingBuild
from pipeline_definition.jobs.processing_job import Job, processing_step
from pipeline_definition.locations import intermediate, model


def preprocess_step(build: TrainingBuild, data_quality: ProcessingStep) -> ProcessingStep:
    """Return the step; its code is `processing/jobs/preprocess.py`."""
    without = build.stage.features.without
    job = Job(
        module=names.PREPROCESS_JOB,
        inputs={"raw": build.parameters.input_data},
        outputs={
            **{name: intermediate(name) for name in (names.CLEANED, names.TRANSFORMED, names.REJECTED)},
            # Whoever serves the model has to repeat the transformation: kept as long as the model.
            names.FEATURE_MODEL: model(names.FEATURE_MODEL),
        },
        # The list of what is wrong is wanted most when too many rows are, and the job fails for it.
        uploaded_at_once=["rejected"],
        options=[
            *("--split-seed", build.stage.processing.split_seed),
            *("--maximum-rejected-share", str(build.stage.processing.maximum_rejected_share)),
            *("--minimum-training-rows", str(build.stage.training.minimum_training_rows)),
            *(("--without", *without) if without else ()),
        ],
        environment={names.DATA_VERSION_VARIABLE: build.parameters.data_version},
        after=[data_quality],
        instance_count=build.parameters.processing_instance_count,
    )
    return processing_step(build, names.PREPROCESSING_STEP, job)
