"""EmpBonusEvaluation: the trained model and the held-out rows -> figures of its quality, and what serves it."""

from sagemaker.core.helper.pipeline_variable import StrPipeVar
from sagemaker.core.workflow.functions import JsonGet
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.algorithms.trained_model import TrainedModel
from pipeline_definition.build import TrainingBuild
from pipeline_definition.jobs.processing_job import Job, output_of, processing_step
from pipeline_definition.locations import model
from pipeline_definition.steps.find_champion import Champion
from settings import Limit

FIGURES = PropertyFile(name="Evaluation", output_name=names.EVALUATION, path=names.EVALUATION_FILE)
CARD = PropertyFile(name="Card", output_name=names.EVALUATION, path=names.CARD_FILE)


def evaluate_step(
    build: TrainingBuild,
    preprocessing: ProcessingStep,
    split: ProcessingStep,
    trained: TrainedModel,
    champion: Champion,
) -> ProcessingStep:
    """Return the step; its code is `processing/jobs/evaluate.py`."""
    job = Job(
        module=names.EVALUATE_JOB,
        inputs={
            "model": trained.artefact,
            names.FEATURE_MODEL: output_of(preprocessing, names.FEATURE_MODEL),
            **{
                name: output_of(split, name)
                for name in (names.TEST, names.READABLE_TEST, names.TRAIN, *trained.checked_on)
            },
            "champion-model": champion.model_data,
            "champion-feature-model": champion.feature_model,
            "champion-evaluation": champion.evaluation,
        },
        outputs={name: model(name) for name in (names.EVALUATION, names.SERVING)},
        options=[
            *("--champion", champion.name),
            *trained.reported,
            *(word for limit in build.stage.quality_gate.limits for word in _limit(build, limit)),
        ],
        property_files=[FIGURES, *([CARD] if build.stage.registration.card else [])],
    )
    return processing_step(build, names.EVALUATION_STEP, job)


def _limit(build: TrainingBuild, limit: Limit) -> list[StrPipeVar]:
    """Return *limit* as an option of the job. Its value is that of the execution, and so in the cache key."""
    value = build.parameters.limits[limit.name]
    return ["--limit", limit.name, limit.figure, limit.comparison, limit.unit, value.to_string()]


def figure(evaluation: ProcessingStep, path: str) -> JsonGet:
    """Return the figure at *path* of the file that *evaluation* writes."""
    return JsonGet(step_name=evaluation.name, property_file=FIGURES, json_path=path)
