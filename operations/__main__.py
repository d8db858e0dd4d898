"""`python -m operations COMMAND` operates a stage: start, watch, approve, deploy; alone it lists the commands.

Exit codes: 0 done, 1 ran and failed, 2 refused, 130 stopped with Ctrl-C.
"""

import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from operations.cli.commands import main
from operations.cli.context import Terminal
from operations.cli.output import show_what_the_locale_lacks
from operations.clock import Clock

if TYPE_CHECKING:
    from operations.aws import Aws


def _connect(region: str) -> "Aws":
    from operations.aws import Aws  # imports boto3, which no --help needs

    return Aws.connect(region)


def _connect_as(profile: str, region: str) -> "Aws":
    from operations.aws import Aws

    return Aws.connect(region, profile)


def _ask(question: str) -> str:
    """Ask on standard error: standard output has the result only."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().rstrip("\n")


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal must not leave a schedule turned on
        signal.signal(number, signal.default_int_handler)
    show_what_the_locale_lacks()
    clock = Clock(lambda: datetime.now(UTC), time.monotonic, time.sleep)
    sys.exit(main(sys.argv[1:], Terminal(_connect, _ask, clock, Path(), _connect_as, os.environ)))
