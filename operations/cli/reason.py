"""Why a person decides about a version, which the registry keeps."""

import argparse

LONGEST = 1_024
"""Characters, on one line (botocore, sagemaker, `ApprovalDescription`)."""


def add_reason(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Add the reason; where it is not *required*, the figures that were shown take its place."""
    otherwise = "" if required else "; without it, the figures that were shown"
    parser.add_argument("--reason", type=_read_reason, required=required, help=f"why, for the registry{otherwise}")


def _read_reason(text: str) -> str:
    reason = " ".join(text.split())
    if not 0 < len(reason) <= LONGEST:
        raise argparse.ArgumentTypeError(f"it has {len(reason):,} characters: write 1 to {LONGEST:,}")
    return reason
