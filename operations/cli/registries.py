"""The registry that a command is about, by its options."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from operations.cli.context import Context
    from operations.registry.registry import Registry


def open_registry(options: argparse.Namespace, context: "Context") -> "Registry":
    """Return the registry of the stage: that of its account, or with `--local` that of the local runner."""
    from operations.registry.on_aws import AwsRegistry
    from operations.registry.on_disk import LocalRegistry

    if options.local:
        return LocalRegistry.open(context.assembly, context.stage.name, context.workspace, context.clock.now())
    return AwsRegistry(context.stage.model_package_group_name, context.aws)
