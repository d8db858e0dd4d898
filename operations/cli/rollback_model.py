"""Rejects the version in service, and any newer one, with a reason; then the deployment puts an older one back."""

import argparse
from typing import TYPE_CHECKING

from operations.cli import deploy_model
from operations.cli.output import note
from operations.cli.reason import add_reason

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "reject the model in service and put the one before back"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the reason."""
    add_reason(parser)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Reject, deploy, and say what serves."""
    from operations.deploy_model import roll_back
    from operations.endpoint import find_machine

    find_machine(context.stage, context.aws)  # before anything is rejected that nobody would put back
    rejected = roll_back(context.stage, options.reason, context.aws)
    note(f"rejected {', '.join(f'version {each}' for each in rejected)}: {options.reason}")
    return deploy_model.run(options, context)
