"""Wakes the deployment of a stage, and waits until it is done."""

import argparse
from typing import TYPE_CHECKING

from operations.cli.output import note, print_json

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "serve the newest approved model now, and say when it does"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Add nothing."""


def run(options: argparse.Namespace, context: "Context") -> int:
    """Deploy, and say what serves."""
    from operations.deploy_model import deploy, find_deployed
    from operations.endpoint import find_machine

    machine = find_machine(context.stage, context.aws)
    if failure := deploy(machine, context.aws, context.clock.sleep, note):
        note(f"failed: {failure}\nWhat to do: docs/runbooks/failed-deployment.md")
        return 1
    version = find_deployed(context.stage, context.aws)
    endpoint = context.stage.endpoint_name
    if options.json:
        print_json({"endpoint": endpoint, "version": version})
    elif version is None:
        print("no model is approved: nothing was deployed")
    else:
        print(f"endpoint {endpoint} serves version {version}")
    return 0
