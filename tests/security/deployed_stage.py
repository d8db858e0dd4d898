"""A stage as CloudFormation would deploy it, with the settings that it was synthesized from."""

import functools
from dataclasses import dataclass

from artefacts.assembly import Account
from artefacts.iam import Application, Deployment, Resource
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

    @property
    def own(self) -> Application:
        """What no other application of the account counts among its own."""
        return self


@dataclass(frozen=True)
class _OneStack(Application):
    """The resources of one stack, with what they refer to in others."""

    stack: str

    @functools.cached_property
    def everything(self) -> tuple[Resource, ...]:
        return tuple(each for each in super().everything if each.path.startswith(f"{self.stack}/"))


@dataclass(frozen=True)
class ChampionUseStage(DeployedStage):
    """The same for the stack of a pipeline that uses the champion, beside the storage that all of them share."""

    use: str
    """`scoring` or `monitoring`."""

    @classmethod
    def using(cls, stage: Stage, synthesis: Synthesis, use: str) -> "ChampionUseStage":
        """Return what *synthesis* deploys for *use*."""
        stacks = {stage.storage_stack: synthesis.storage, f"emp-bonus-{stage.name}-{use}": getattr(synthesis, use)}
        return cls(Deployment(stacks, Account(ACCOUNT, stage.region)), stage, use)

    @property
    def name(self) -> str:
        return f"{self.stage.name} {self.use}"

    @property
    def own(self) -> Application:
        """Its stack: the storage is the stage's."""
        return _OneStack(self.deployment, f"emp-bonus-{self.stage.name}-{self.use}")
