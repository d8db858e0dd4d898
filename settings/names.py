"""The names of a stage: all others are made of the one that it is given."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StageNames:
    """What a stage is called, and what is called after it."""

    name: str
    """Up to 13 lower-case letters, digits and single hyphens: everything is called after it; `check_names`."""
    short_name: str = ""
    """Up to 3 letters and digits, where those that the name begins with are another stage's already."""

    @property
    def pipeline_name(self) -> str:
        """Name of the pipeline, in lower case, as events have it."""
        return f"emp-bonus-training-pipeline{self._suffix}"

    @property
    def scoring_pipeline_name(self) -> str:
        """Name of the pipeline that scores records with the approved model."""
        return f"emp-bonus-scoring-pipeline{self._suffix}"

    @property
    def monitoring_pipeline_name(self) -> str:
        """Name of the pipeline that watches the approved model's traffic."""
        return f"emp-bonus-monitoring-pipeline{self._suffix}"

    @property
    def model_package_group_name(self) -> str:
        """Name of the group of the pipeline's models."""
        return f"EmpBonusPackageGroup{self._suffix}"

    @property
    def _suffix(self) -> str:
        """The suffix that sets names of this stage apart from those of prod, which have none."""
        return "" if self.name == "prod" else f"-{self.name}"

    @property
    def job_prefix(self) -> str:
        """Every job's name begins with it and a hyphen; the pipeline's rights end there."""
        return f"emp-bonus-{self.name}"

    @property
    def tuning_job_prefix(self) -> str:
        """The same for a tuning job, whose name has 32 characters only; the service needs 27 of them."""
        return f"eb{self.short_name or self.name.replace('-', '')[:3]}"

    @property
    def storage_stack(self) -> str:
        """Name of the stack that is kept."""
        return f"emp-bonus-{self.name}-storage"

    @property
    def pipeline_stack(self) -> str:
        """Name of the stack that can be replaced."""
        return f"emp-bonus-{self.name}-pipeline"

    @property
    def scoring_stack(self) -> str:
        """Name of the stack of the scoring pipeline."""
        return f"emp-bonus-{self.name}-scoring"

    @property
    def monitoring_stack(self) -> str:
        """Name of the stack of the monitoring pipeline, if the stage asks for it."""
        return f"emp-bonus-{self.name}-monitoring"

    @property
    def deployment_stack(self) -> str:
        """Name of the stack that deploys approved models, if the stage asks for it."""
        return f"emp-bonus-{self.name}-deployment"

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint; those of its models and configurations begin with it, a hyphen and `v`."""
        return f"emp-bonus-{self.name}"

    @property
    def endpoint_log_group(self) -> str:
        """Name of what the endpoint logs to, which SageMaker chooses."""
        return f"/aws/sagemaker/Endpoints/{self.endpoint_name}"

    @property
    def tags(self) -> dict[str, str]:
        """Tags of everything that is deployed."""
        return {"project": "emp-bonus", "stage": self.name}
