"""An account in which stages are deployed side by side, with everything that may be asked of it."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from artefacts.iam.policies import Document, Policies, Statement, policies_of, read_statements
from tests.security.deployed_stage import ACCOUNT, DeployedStage
from tests.security.needs import Need, needs_of

ADMINISTRATOR = f"arn:aws:iam::{ACCOUNT}:role/Administrator"
"""May do everything, so that only what a resource refuses is refused."""

KEY_OF_OTHERS = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/of-another-team"
"""Leaves it to the account who may use it, as most keys do, so that only our roles' own policies keep them off."""

_NEIGHBOURS = Policies(
    identities={
        ADMINISTRATOR: tuple(
            read_statements({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, "Administrator")
        )
    },
    resources={
        KEY_OF_OTHERS: tuple(
            read_statements(
                {
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                        "Action": "kms:*",
                        "Resource": "*",
                    }
                },
                "key of others",
            )
        )
    },
    account=ACCOUNT,
)


@dataclass(frozen=True)
class World:
    """Stages that share an account."""

    applications: tuple[DeployedStage, ...] = field(repr=False)
    boundaries: Mapping[str, Document] = field(default_factory=dict, repr=False)
    """ARN of a managed policy that bounds roles -> what the organisation wrote into it."""

    @functools.cached_property
    def policies(self) -> Policies:
        """All policies of the account, those of the neighbours too."""
        found = policies_of(*(each.own for each in self.applications), boundaries=self.boundaries)
        return replace(
            found,
            identities={**found.identities, **_NEIGHBOURS.identities},
            resources={**found.resources, **_NEIGHBOURS.resources},
        )

    @property
    def ours(self) -> list[Statement]:
        """The statements that the applications deploy."""
        return [statement for statement in self.policies.owners if statement not in _NEIGHBOURS.owners]

    @functools.cached_property
    def needs_by_stage(self) -> Mapping[str, tuple[Need, ...]]:
        """What each stage needs."""
        return {application.name: needs_of(application) for application in self.applications}

    @property
    def needs(self) -> tuple[Need, ...]:
        """What all stages need."""
        return tuple(need for needs in self.needs_by_stage.values() for need in needs)
