"""Takes an approved version of one account's models to another account's registry."""

import argparse
import dataclasses
from typing import TYPE_CHECKING

from operations.cli.output import note, print_json

if TYPE_CHECKING:
    from operations.cli.context import Context
    from operations.promotion.promote import Promotion
    from operations.promotion.side import Side
    from settings import Stage

HELP = "take an approved model to another account's registry, where it waits for approval"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what only this command takes."""
    parser.add_argument("version", metavar="VERSION", nargs="?", help="its number or ARN, or newest")
    parser.add_argument("--from-stage", default="dev", help="the stage that it comes from (%(default)s)")
    parser.add_argument("--from-profile", metavar="PROFILE", help="credentials for the account that it comes from")
    parser.add_argument("--to-profile", metavar="PROFILE", help="credentials for the account that it goes to")
    parser.add_argument("--policy", choices=("source", "target"), help="print the IAM policy of a side; do nothing")


def run(options: argparse.Namespace, context: "Context") -> int:
    """Promote, and say what came of it."""
    from operations.cli.failures import describe
    from operations.promotion.promote import promote
    from operations.promotion.rights import build_policy
    from operations.promotion.side import SideError
    from operations.refusal import RefusedError
    from settings import find_stage

    origin = find_stage(options.from_stage)
    if options.policy:
        print_json(build_policy(options.policy, origin if options.policy == "source" else context.stage))
        return 0
    if not (options.version and options.from_profile and options.to_profile):
        raise RefusedError("a promotion needs VERSION, --from-profile and --to-profile: see docs/promotion.md")
    source = _side("source", options.from_profile, origin, context)
    target = _side("target", options.to_profile, context.stage, context)
    try:
        found = promote(
            options.version,
            source,
            target,
            now=context.clock.now(),
            in_region=lambda image: _in_region(image, context),
        )
    except SideError as error:
        raise RefusedError(f"{error.name}: {describe(error.cause)}") from error
    return _report(options, found, target)


def _side(name: str, profile: str, stage: "Stage", context: "Context") -> "Side":
    from operations.promotion.side import Side

    return Side(f"{name} (profile {profile})", stage, context.terminal.connect_as(profile, stage.region))


def _in_region(image: str, context: "Context") -> str:
    from pipeline_definition.jobs.image import in_region  # imports the SageMaker SDK

    return in_region(image, context.stage)


def _report(options: argparse.Namespace, found: "Promotion", target: "Side") -> int:
    if options.json:
        print_json(dataclasses.asdict(found))
        return 0
    if found.already:
        print(f"{found.source.name} has been promoted: it is {found.target}, {found.status}")
        return 0
    for each in found.objects:
        key = each.target.removeprefix("s3://").partition("/")[2]
        note(f"{each.sha256[:12]} {each.size_bytes:>12,} bytes  {key}{' (was there)' * each.was_there}")
    if found.left_behind:
        note(f"not carried over: {', '.join(found.left_behind)}")
    print(f"{found.source.name} is {found.target}, {found.status}")
    note(f"approve it: python -m operations approve {found.target.rpartition('/')[2]} --stage {target.stage.name}")
    return 0
