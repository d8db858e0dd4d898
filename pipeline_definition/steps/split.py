"""EmpBonusDataSplit: transformed rows -> training, validation and test channels (70/20/10), and readable test rows."""

from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition.build import Build
from pipeline_definition.locations import intermediate
from pipeline_definition.steps.processing_job import Job, output_of, processing_step


def split_step(build: Build, preprocessing: ProcessingStep) -> ProcessingStep:
    """Return the step; its code is `processing/jobs/split.py`."""
    job = Job(
        module="split",
        inputs={name: output_of(preprocessing, name) for name in ("cleaned", "transformed", "feature-model")},
        outputs={name: intermediate(name) for name in ("train", "validation", "test", "readable-test")},
        shared=True,
    )
    return processing_step(build, "EmpBonusDataSplit", job)
