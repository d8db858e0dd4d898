"""Writes the cloud assembly of a stage: from what is kept, if nothing has changed that it is made of."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline_definition.placeholders import UnboundPlaceholderError
from settings import SettingsError, Stage
from stacks.training.data_contract import check_data_contract
from synthesis.assembly import is_without_finding, pack, unpack
from synthesis.definitions import Definitions, are_kept, begin
from synthesis.inputs import KEPT_FOLDER, ROOT, SOURCES, compute_key, installed_here, select_effective
from synthesis.kept import Kept
from synthesis.reading import find_others
from synthesis.stage import choose_stage, describe_changes

REFUSALS = (SettingsError, UnboundPlaceholderError)
"""Errors shown without a traceback, with all that derive from them; any other is a bug."""


def main(environment: Mapping[str, str], names: Sequence[str], sources: str) -> None:
    """Write what the CDK CLI asks for in its *environment*; exit with a line or two about settings that are refused.

    *names* are of the files that this process has read, *sources* is the key of those that it was to read.
    """
    context = read_context(environment)
    if missing := missing_flags(context):
        sys.exit(f"{len(missing)} feature flags of cdk.json are not in the context: run make synth, or the CDK CLI")
    try:
        stage = choose_stage(context)
        for line in describe_changes(stage):  # the CLI shows them: nothing else than the stage has is deployed unseen
            sys.stderr.write(f"{line}\n")
        write_assembly(stage, choose_kept(environment), environment, names, sources)
    except REFUSALS as error:
        sys.exit(f"cannot synthesize:\n{error}")


def read_context(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the context that the CLI gives: the end of it in a file, where the environment is large."""
    overflow = environment.get("CONTEXT_OVERFLOW_LOCATION_ENV")
    texts = (
        environment.get("CDK_CONTEXT_JSON", "{}"),
        Path(overflow).read_text(encoding="utf-8") if overflow else "{}",
    )
    return {name: value for text in texts for name, value in json.loads(text).items()}


def choose_kept(environment: Mapping[str, str]) -> Kept:
    """Return what is kept: nothing where Python finds modules in more folders, whose files are in no key."""
    if environment.get("PYTHONPATH"):
        return Kept(Path(os.devnull))
    return Kept(Path(environment.get(KEPT_FOLDER) or ROOT / ".local" / "synthesis"))


def write_assembly(
    stage: Stage, kept: Kept, environment: Mapping[str, str], names: Sequence[str], sources: str
) -> None:
    """Write the assembly of *stage* where *environment* says."""
    assembly = Path(environment["CDK_OUTDIR"])
    installed = installed_here(environment)
    key = compute_assembly_key(stage, environment, installed, sources)
    if found := kept.find(key):
        unpack(found, assembly)
        return
    with begin(stage, kept, environment, installed) as definitions:
        check_data_contract(stage.data_contract)
        synthesize(stage, definitions, kept, environment, installed)
    known = (*SOURCES, *(os.path.relpath(path, ROOT) for path in (assembly, stage.data_contract)))
    installed_now = installed_here(environment)
    # An edit meanwhile may be half in it.
    if (
        is_without_finding(assembly)
        and not find_others(names, known)
        and are_kept(stage, kept, environment, installed_now)
        and compute_assembly_key(stage, environment, installed_now, compute_key(ROOT, SOURCES)) == key
    ):
        kept.keep(key, pack(assembly))


def synthesize(
    stage: Stage,
    definitions: Callable[[], Definitions],
    kept: Kept,
    environment: Mapping[str, str],
    installed: str,
) -> None:
    """Let the CDK write the assembly of *stage*, and validate it."""
    # It takes a second to start, and is not needed where nothing has changed.
    import aws_cdk as cdk

    from stacks.application import add_stacks
    from synthesis.validation import CloudFormationRules

    app = cdk.App(builtin_cloud_formation_validation=False)
    made = definitions()
    account = environment.get("CDK_DEFAULT_ACCOUNT")
    add_stacks(app, stage, account, definition=made.training, scoring=made.scoring, monitoring=made.monitoring)
    if environment.get("CDK_VALIDATION") != "false":
        cdk.Validations.of(app).add_plugins(CloudFormationRules(kept, installed))
    app.synth()


def compute_assembly_key(stage: Stage, environment: Mapping[str, str], installed: str, sources: str) -> str:
    """Return the hash of all that the assembly of *stage* is made of; *sources* is that of the project's files."""
    contract = ROOT / stage.data_contract
    content = contract.read_bytes() if contract.is_file() else None
    return f"assembly-{compute_key(ROOT, (), sources, stage, content, select_effective(environment), installed)}"


def missing_flags(context: Mapping[str, Any]) -> list[str]:
    """Return the feature flags of cdk.json that *context* lacks: the CLI gives them, and templates differ without."""
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return sorted(flags.keys() - context.keys())
