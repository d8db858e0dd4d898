"""`python -m operations.verify_account STAGE` tries out on a deployed stage what only AWS can show; it asks first.

It writes account-evidence.json and .md: which assumptions about AWS were confirmed, refuted, or not seen.
Exit codes: 0 nothing refuted, 1 something refuted or not done, 2 refused, or AWS cannot be asked, 130 stopped.
"""

import argparse
import json
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from operations.aws import Aws
from operations.verify_account.deployment import Deployment, VerificationRefusedError, find_deployment
from operations.verify_account.evidence import NAME, LeakError, build, write
from operations.verify_account.judges import Verdict
from operations.verify_account.plan import describe
from operations.verify_account.rights import build_policy
from operations.verify_account.steps import Clock, Patience, Verification
from settings import SettingsError, find_stage

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "mock_data.csv"
REFUSED = 2
STOPPED = 130


def main(argv: Sequence[str], connect: Callable[[str], Aws], ask: Callable[[str], str], clock: Clock) -> int:
    """Verify the stage of the command line, once the person at the terminal has typed its name."""
    try:
        return _verify(_parse(argv), connect, ask, clock)
    except (SettingsError, VerificationRefusedError) as error:
        print(f"refused: {error}", file=sys.stderr)
        return REFUSED
    except (ClientError, BotoCoreError) as error:
        print(f"cannot ask: {error}: log in, or see --policy for every right that is needed", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("stopped: all was put back as it was, but for what is named above", file=sys.stderr)
        return STOPPED


def _verify(options: argparse.Namespace, connect: Callable[[str], Aws], ask: Callable[[str], str], clock: Clock) -> int:
    stage = find_stage(options.stage)
    if options.policy:
        print(json.dumps(build_policy(stage), indent=2))
        return 0
    aws = connect(stage.region)
    deployment = find_deployment(stage, aws)
    patience = Patience(**{each.name: getattr(options, each.name) for each in fields(Patience)})
    print(describe(stage, patience.trail_s))
    if not options.yes and ask(f"Type {stage.name} to go on: ") != stage.name:
        print("nothing was done")
        return REFUSED
    started, identifier = clock.now(), f"verification-{secrets.token_hex(4)}"
    seen = Verification(deployment, aws, patience, clock, print).perform(SAMPLE.read_text("utf-8"), identifier)
    about = {
        "ran on": "AWS" if _is_aws(aws) else "a stand-in, which proves nothing about AWS",
        "stage": stage.name,
        "region": stage.region,
        "date": f"{started:%Y-%m-%dT%H:%MZ}",
        "minutes": round((clock.now() - started).total_seconds() / 60),
        "versions": _find_versions(),
    }
    return _report(build(seen, about), deployment, options.out)


def _report(document: Mapping[str, Any], deployment: Deployment, folder: Path) -> int:
    """Write and print the evidence."""
    try:
        write(folder, document, deployment.secrets, deployment.forbidden)
    except LeakError as error:
        print(f"not written: {error}", file=sys.stderr)
        return 1
    for each in document["assumptions"]:
        print(f"{each['verdict']:9}  {each['id']:19}  {each['observed']}")
    print(", ".join(f"{number} {verdict}" for verdict, number in document["counts"].items()), f"-> {folder / NAME}.md")
    return 1 if document["counts"][Verdict.REFUTED] or document["undone"] else 0


def _is_aws(aws: Aws) -> bool:
    host = urlsplit(aws.client("sagemaker").meta.endpoint_url).hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn"))


def _find_versions() -> dict[str, str]:
    """Return what this code is, and what it was deployed and asks with."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    commit = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    cdk = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]["aws-cdk"]
    return {"commit": commit.stdout.strip(), "cdk": cdk, "boto3": version("boto3"), "sagemaker": version("sagemaker")}


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m operations.verify_account", description=__doc__)
    add = parser.add_argument
    add("stage", metavar="STAGE", help="a stage of settings/stages.py that may be torn down, and is deployed")
    add("--yes", action="store_true", help="do not ask")
    add("--out", type=Path, default=Path(), help="folder of the evidence (this one)")
    add("--policy", action="store_true", help="print the IAM policy that this needs, and do nothing")
    for each in fields(Patience):
        option = f"--{each.name.replace('_', '-')}"
        add(option, type=float, default=each.default, metavar="SECONDS", help="see Patience in steps.py (%(default)s)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal must not leave the schedule on
        signal.signal(number, signal.default_int_handler)
    clock = Clock(lambda: datetime.now(UTC), time.monotonic, time.sleep)
    sys.exit(main(sys.argv[1:], Aws.connect, input, clock))
