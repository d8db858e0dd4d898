"""EmpBonusPreProcessing: raw employee records -> feature model, cleaned and transformed rows, rejected rows."""

from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition.build import Build
from pipeline_definition.locations import intermediate, model
from pipeline_definition.steps.processing_job import Job, processing_step


def preprocess_step(build: Build, data_quality: ProcessingStep) -> ProcessingStep:
    """Return the step; its code is `processing/jobs/preprocess.py`."""
    job = Job(
        module="preprocess",
        inputs={"raw": build.parameters.input_data},
        outputs={
            "cleaned": intermediate("cleaned"),
            "transformed": intermediate("transformed"),
            "rejected": intermediate("rejected"),
            # Whoever serves the model has to repeat the transformation: kept as long as the model.
            "feature-model": model("feature-model"),
        },
        # The list of what is wrong is wanted most when too many rows are, and the job fails for it.
        uploaded_at_once=["rejected"],
        options=[
            *("--split-seed", build.stage.processing.split_seed),
            *("--maximum-rejected-share", str(build.stage.processing.maximum_rejected_share)),
            *("--minimum-training-rows", str(build.stage.training.largest_batch)),
        ],
        environment={"DATA_VERSION": build.parameters.data_version},
        after=[data_quality],
        shared=True,
    )
    return processing_step(build, "EmpBonusPreProcessing", job)
