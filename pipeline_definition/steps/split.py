"""EmpBonusDataSplit: transformed rows -> training, validation and test channels (70/20/10), and readable test rows."""

from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.build import TrainingBuild
from pipeline_definition.jobs.processing_job import Job, output_of, processing_step
from pipeline_definition.locations import intermediate

READ = (names.CLEANED, names.TRANSFORMED, names.FEATURE_MODEL)
WRITTEN = (names.TRAIN, names.VALIDATION, names.TEST, names.READABLE_TEST)


def split_step(build: TrainingBuild, preprocessing: ProcessingStep) -> ProcessingStep:
    """Return the step; its code is `processing/jobs/split.py`."""
    job = Job(
        module=names.SPLIT_JOB,
        inputs={name: output_of(preprocessing, name) for name in READ},
        outputs={name: intermediate(name) for name in WRITTEN},
        # One for each instance that trains.
        options=["--train-files", build.parameters.training_instance_count.to_string()],
        instance_count=build.parameters.processing_instance_count,
    )
    return processing_step(build, names.SPLIT_STEP, job)
