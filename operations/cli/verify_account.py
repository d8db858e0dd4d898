"""Tries out on a deployed stage what only AWS can show; it asks first.

It writes account-evidence.json and .md: which assumptions about AWS were confirmed, refuted, or not seen.
Exit codes: 0 nothing refuted, 1 something refuted or not done, 2 refused, or AWS cannot be asked, 130 stopped.
"""

import argparse
import secrets
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from operations.cli.exit_code import ExitCode
from operations.cli.output import note, print_json
from operations.verify_account.timeouts import Timeouts

if TYPE_CHECKING:
    from operations.cli.context import Context

HELP = "try out in an account what only AWS can show; asks first, never prod"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the evidence goes, and how long each wait may take."""
    add = parser.add_argument
    add("--yes", action="store_true", help="do not ask")
    add("--out", type=Path, default=Path(), help="folder of the evidence (this one)")
    add("--policy", action="store_true", help="print the IAM policy that this needs, and do nothing")
    for each in fields(Timeouts):
        option = f"--{each.name.replace('_', '-')}"
        told = f"wait {each.metadata['help']} (%(default)s)"
        add(option, type=float, default=each.default, metavar="SECONDS", help=told)


def run(options: argparse.Namespace, context: "Context") -> int:
    """Verify the stage, once the person at the terminal has typed its name."""
    from operations.verify_account.deployment import find_deployment
    from operations.verify_account.plan import describe
    from operations.verify_account.rights import build_policy

    stage = context.stage
    if options.policy:
        print_json(build_policy(stage))
        return 0
    deployment = find_deployment(stage, context.aws)
    note(describe(stage, options.trail_s))
    if not options.yes and context.terminal.ask(f"Type {stage.name} to go on: ") != stage.name:
        note("nothing was done")
        return ExitCode.REFUSED
    try:
        return _verify(options, context, deployment)
    except KeyboardInterrupt:
        note("stopped: all was put back as it was, but for what is named above")
        return ExitCode.STOPPED


def _verify(options: argparse.Namespace, context: "Context", deployment: Any) -> int:
    from operations.verify_account.circumstances import SAMPLE, describe_circumstances
    from operations.verify_account.evidence import LeakError, build, write
    from operations.verify_account.steps import Verification

    timeouts = Timeouts(**{each.name: getattr(options, each.name) for each in fields(Timeouts)})
    started, identifier = context.clock.now(), f"verification-{secrets.token_hex(4)}"
    verification = Verification(deployment, context.aws, timeouts, context.clock, note)
    seen = verification.perform(SAMPLE.read_text("utf-8"), identifier)
    document = build(seen, describe_circumstances(context.stage, context.aws, started, context.clock.now()))
    try:
        write(options.out, document, deployment.secrets, deployment.forbidden)
    except LeakError as error:
        note(f"not written: {error}")
        return 1
    _show(document, options)
    return 1 if document["counts"]["refuted"] or document["undone"] else 0


def _show(document: Mapping[str, Any], options: argparse.Namespace) -> None:
    """Print what was found, in words that may be shown: the file has the rest."""
    from operations.verify_account.evidence import NAME

    verdicts = [{name: each[name] for name in ("id", "verdict", "observed")} for each in document["assumptions"]]
    if options.json:
        print_json({"assumptions": verdicts, "counts": document["counts"], "evidence": options.out / f"{NAME}.md"})
        return
    for each in verdicts:
        print(f"{each['verdict']:9}  {each['id']:19}  {each['observed']}")
    counts = ", ".join(f"{number} {verdict}" for verdict, number in document["counts"].items())
    print(f"{counts} -> {options.out / NAME}.md")
