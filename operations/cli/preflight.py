"""Says what would go wrong in the account before a deployment or a run.

It only reads. With --send-test it also sends a message to everybody who is subscribed, and waits for it at a queue that
it makes and deletes. Exit codes: 0 all well, 1 something would fail, 2 something could not be asked, but nothing found.
"""

import argparse
from typing import TYPE_CHECKING

from operations.cli.output import print_json

if TYPE_CHECKING:
    from operations.cli.context import Context
    from operations.preflight.checks import Findings

HELP = "say what would go wrong in the account, with remedies; only reads"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what else may be done."""
    add = parser.add_argument
    add("--send-test", action="store_true", help="send a test message, too, to everybody who is subscribed")
    add("--policy", action="store_true", help="print the IAM policy that this needs, and check nothing")


def run(options: argparse.Namespace, context: "Context") -> int:
    """Check the account, and print what is found."""
    from operations.preflight.checks import READING, SENDING, examine
    from operations.preflight.findings import Verdict
    from operations.preflight.rights import build_policy

    if options.policy:
        print_json(build_policy(context.stage, send_test=options.send_test))
        return 0
    checks = {**READING, **(SENDING if options.send_test else {})}
    findings = examine(context.stage, context.terminal.connect, checks)
    if options.json:
        print_json(_list(findings))
    else:
        _show(findings)
    exit_codes = {Verdict.FAILS: 1, Verdict.CANNOT_ASK: 2}
    verdicts = {each.verdict for found in findings.values() for each in found}
    return next((code for verdict, code in exit_codes.items() if verdict in verdicts), 0)


def _list(findings: "Findings") -> list[dict[str, str]]:
    return [
        {"check": check, "verdict": each.verdict, "what": each.what, "remedy": each.remedy}
        for check, found in findings.items()
        for each in found
    ]


def _show(findings: "Findings") -> None:
    """Print a line for each finding, however long: a command in it can be copied whole."""
    from rich.console import Console
    from rich.text import Text

    from operations.preflight.findings import Verdict

    colours = {Verdict.OK: "green", Verdict.FAILS: "red", Verdict.CANNOT_ASK: "yellow", Verdict.LATER: "dim"}
    console = Console()
    for name, found in findings.items():
        for each in found:
            line = Text.assemble(f"{name:12}  ", (f"{each.verdict:10}  ", colours[each.verdict]), str(each))
            console.print(line, soft_wrap=True)
