"""What `approve` and `reject` have in common: they show a version, ask, and write the decision down."""

import argparse
import dataclasses
import sys
from typing import TYPE_CHECKING

from operations.cli.output import note, print_json
from operations.cli.registries import open_registry

if TYPE_CHECKING:
    from operations.cli.context import Context
    from operations.registry.version import Version


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what both commands take, but for the reason."""
    parser.add_argument("version", metavar="VERSION", help="its number or ARN, or newest")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--anew", action="store_true", help="even if it has been decided about before")


def decide_about(options: argparse.Namespace, context: "Context", status: str) -> int:
    """Give the version that the options mean the *status*, once the person has seen what it is and agrees."""
    from operations.cli.versions import describe_lines
    from operations.refusal import RefusedError
    from operations.registry.assessment import assess, summarize
    from operations.registry.decision import check_decision, decide
    from operations.registry.registry import find_version

    registry = open_registry(options, context)
    version = find_version(registry, options.version)
    check_decision(version, status, anew=options.anew)
    if not (options.yes or sys.stdin.isatty()):
        raise RefusedError(f"nobody is there to be asked about {version.name}: look at it, and add --yes")
    assessment = assess(version, registry)
    for line in describe_lines(version, assessment):
        note(line)
    verb = "Approve" if status == "Approved" else "Reject"
    if not options.yes and context.terminal.ask(f"{verb} {version.name}? Type yes: ") != "yes":
        note("nothing was decided")
        return 1
    reason = options.reason or summarize(assessment)
    decide(registry, version, status, reason)
    return _report(options, version, status, reason)


def _report(options: argparse.Namespace, version: "Version", status: str, reason: str) -> int:
    if options.json:
        decided = dataclasses.replace(version, status=status, reason=reason)
        print_json({"before": version.status, **dataclasses.asdict(decided)})
    else:
        print(f"{version.name}, {status}: {reason}")
    return 0
