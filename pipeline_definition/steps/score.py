"""EmpBonusScore: raw records and the approved model's artefact -> what it predicts, and the records it cannot read."""

from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.lambda_step import LambdaStep
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.build import Build
from pipeline_definition.jobs.processing_job import Job, processing_step
from pipeline_definition.locations import predictions
from pipeline_definition.parameters import ScoringParameters


def records_to_score(parameters: ScoringParameters) -> Join:
    """Return the URI of the records that an execution is given."""
    return Join(on="", values=[parameters.input_data, parameters.input_file])


def score_step(build: Build, parameters: ScoringParameters, finding: LambdaStep) -> ProcessingStep:
    """Return the step; its code is `processing/jobs/score.py`, which has the artefact's own code do the work."""
    found = finding.properties.Outputs
    job = Job(
        module=names.SCORE_JOB,
        inputs={
            "raw": records_to_score(parameters),
            "champion-model": found["ServingModel"],
        },
        outputs={name: predictions(name) for name in (names.PREDICTIONS, names.REJECTED)},
        options=["--champion", found["Name"], "--contributions", parameters.contributions],
        environment={names.DATA_VERSION_VARIABLE: parameters.data_version},
        # The list of what is wrong is wanted most when no record can be scored, and the job fails for it.
        uploaded_at_once=[names.REJECTED],
        # Whoever starts it wants files of this execution, not to be told of another's.
        cached=False,
    )
    return processing_step(build, names.SCORING_STEP, job)
