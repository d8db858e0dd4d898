"""`python -m operations.preflight STAGE` says what would go wrong in the account before a deployment or a run.

It only reads. With --send-test it also sends a message to everybody who is subscribed, and waits for it at a queue that
it makes and deletes. Exit codes: 0 all well, 1 something would fail, 2 something could not be asked, but nothing found.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.text import Text

from operations.aws import Aws
from operations.preflight.checks import READING, SENDING, Findings, examine
from operations.preflight.findings import Verdict
from operations.preflight.refusals import CannotAskError
from operations.preflight.rights import build_policy
from settings import SettingsError, find_stage

COLOURS = {Verdict.OK: "green", Verdict.FAILS: "red", Verdict.CANNOT_ASK: "yellow", Verdict.LATER: "dim"}
EXIT_CODES = {Verdict.FAILS: 1, Verdict.CANNOT_ASK: 2}


def main(argv: Sequence[str], connect: Callable[[str], Aws]) -> int:
    """Check the account for the stage of the command line, and print what is found."""
    options = _parse(argv)
    try:
        stage = find_stage(options.stage)
        if options.policy:
            print(json.dumps(build_policy(stage, send_test=options.send_test), indent=2))
            return 0
        findings = examine(stage, connect, {**READING, **(SENDING if options.send_test else {})})
    except (SettingsError, CannotAskError) as error:
        print(f"cannot ask: {error}", file=sys.stderr)
        return EXIT_CODES[Verdict.CANNOT_ASK]
    _show(findings, Console())
    verdicts = {each.verdict for found in findings.values() for each in found}
    return next((code for verdict, code in EXIT_CODES.items() if verdict in verdicts), 0)


def _show(findings: Findings, console: Console) -> None:
    """Print a line for each finding, however long: a command in it can be copied whole."""
    for name, found in findings.items():
        for each in found:
            line = Text.assemble(f"{name:12}  ", (f"{each.verdict:10}  ", COLOURS[each.verdict]), str(each))
            console.print(line, soft_wrap=True)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m operations.preflight", description=__doc__)
    add = parser.add_argument
    add("stage", metavar="STAGE", help="a stage of settings/stages.py")
    add("--send-test", action="store_true", help="send a test message, too, to everybody who is subscribed")
    add("--policy", action="store_true", help="print the IAM policy that this needs, and check nothing")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Aws.connect))
