"""What the stacks of a stage have in common."""

from aws_cdk import Environment, Stack
from constructs import Construct

from settings import Stage
from stacks.iam import limit_roles


class StageStack(Stack):
    """A stack with the stage's tags, and its protection and permissions boundary where it asks for them."""

    def __init__(self, scope: Construct, name: str, *, stage: Stage, description: str, env: Environment) -> None:
        """Take *description*, to which the stage's name is added."""
        super().__init__(
            scope,
            name,
            env=env,
            description=f"{description} ({stage.name})",
            tags=stage.tags,
            # With a pipeline goes the history of its executions, with the deployment the role of its endpoint.
            termination_protection=not stage.may_be_torn_down,
        )
        limit_roles(self, stage.security.permissions_boundary_arn)
