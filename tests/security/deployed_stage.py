"""A stage as CloudFormation would deploy it, with the settings that it was synthesized from."""

from dataclasses import dataclass

from artefacts.assembly import Account
from artefacts.iam import Application, Deployment
from settings import Stage
from tests.stacks.synthesis import Synthesis

ACCOUNT = "111122223333"


@dataclass(frozen=True)
class DeployedStage(Application):
    """What is deployed for one stage."""

    stage: Stage

    @classmethod
    def of(cls, stage: Stage, synthesis: Synthesis) -> "DeployedStage":
        """Return what *synthesis* deploys for *stage*."""
        names = (stage.storage_stack, stage.pipeline_stack, stage.deployment_stack)
        stacks = dict(zip(names, synthesis.templates, strict=True))
        return cls(Deployment(stacks, Account(ACCOUNT, stage.region)), stage)

    @property
    def name(self) -> str:
        """Name of the stage."""
        return self.stage.name
