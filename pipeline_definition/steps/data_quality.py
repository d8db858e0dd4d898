"""EmpBonusDataQuality: raw employee records -> statistics, or a failure that lists how they break the contract."""

from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.build import TrainingBuild
from pipeline_definition.jobs.processing_job import Job, processing_step
from pipeline_definition.locations import model
from pipeline_definition.steps.find_champion import Champion


def data_quality_step(build: TrainingBuild, champion: Champion) -> ProcessingStep:
    """Return the step; its code is `processing/jobs/data_quality.py`, which reads the data contract."""
    job = Job(
        module=names.DATA_QUALITY_JOB,
        # What the champion was trained on is the baseline that drift is measured from.
        inputs={"raw": build.parameters.input_data, "baseline": champion.data_quality},
        # The statistics are registered with the model, and kept as long.
        outputs={names.DATA_QUALITY: model(names.DATA_QUALITY)},
        environment={names.DATA_VERSION_VARIABLE: build.parameters.data_version},
        # Whoever has to mend the data needs the report most when the job has failed.
        uploaded_at_once=["data-quality"],
        instance_count=build.parameters.processing_instance_count,
    )
    return processing_step(build, names.DATA_QUALITY_STEP, job)
