"""EmpBonusEvaluation: the trained model and the held-out rows -> figures of its quality, beside the champion's."""

from sagemaker.core.workflow.functions import JsonGet
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition.build import Build
from pipeline_definition.locations import model
from pipeline_definition.steps.find_champion import Champion
from pipeline_definition.steps.processing_job import Job, output_of, processing_step
from pipeline_definition.steps.trained_model import TrainedModel

FILE_NAME = "evaluation.json"
FIGURES = PropertyFile(name="Evaluation", output_name="evaluation", path=FILE_NAME)


def evaluate_step(
    build: Build, preprocessing: ProcessingStep, split: ProcessingStep, trained: TrainedModel, champion: Champion
) -> ProcessingStep:
    """Return the step; its code is `processing/jobs/evaluate.py`."""
    limits = build.parameters
    job = Job(
        module="evaluate",
        inputs={
            "model": trained.artefact,
            "feature-model": output_of(preprocessing, "feature-model"),
            **{name: output_of(split, name) for name in ("test", "readable-test", *trained.checked_on)},
            "champion-model": champion.model_data,
            "champion-feature-model": champion.feature_model,
        },
        outputs={"evaluation": model("evaluation")},
        options=[
            *("--champion", champion.name),
            *trained.reported,
            *("--minimum-r2", limits.minimum_r2.to_string()),
            *("--maximum-rmse", limits.maximum_rmse.to_string()),
            *("--minimum-improvement", limits.minimum_improvement.to_string()),
        ],
        property_files=[FIGURES],
    )
    return processing_step(build, "EmpBonusEvaluation", job)


def figure(evaluation: ProcessingStep, path: str) -> JsonGet:
    """Return the figure at *path* of the file that *evaluation* writes."""
    return JsonGet(step_name=evaluation.name, property_file=FIGURES, json_path=path)
