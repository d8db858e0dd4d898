"""What a cloud assembly would deploy: its pipelines, its files, and the values of CloudFormation's functions."""

from artefacts.assembly.assembly import Asset, Function, Pipeline, load
from artefacts.assembly.errors import AssemblyError
from artefacts.assembly.intrinsics import Account, Templates

__all__ = ["Account", "AssemblyError", "Asset", "Function", "Pipeline", "Templates", "load"]
