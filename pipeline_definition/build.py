"""What every step is built from."""

from dataclasses import dataclass

from sagemaker.core.workflow.pipeline_context import PipelineSession

from pipeline_definition.parameters import JobParameters, TrainingParameters
from settings import Stage


@dataclass(frozen=True)
class Build:
    """The settings, the pipeline's parameters and the SDK session of one definition."""

    stage: Stage
    parameters: JobParameters
    session: PipelineSession

    @property
    def tags(self) -> list[dict[str, str]]:
        """Tags of every job: jobs are what costs, and stack tags do not reach them."""
        return [{"Key": key, "Value": value} for key, value in self.stage.tags.items()]

    def job_name(self, job: str) -> str:
        """Return the beginning of a job's name; SageMaker adds the rest."""
        return f"{self.stage.job_prefix}-{job}"


@dataclass(frozen=True)
class TrainingBuild(Build):
    """The same for the pipeline that trains."""

    parameters: TrainingParameters
