"""`python -m operations.deploy_model STAGE` wakes the deployment of a stage, and waits until it is done.

`--rollback REASON` first rejects the version in service, and any newer one, with the reason as their description in the
registry: so the newest version that is approved still, and older, is put back.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence

from botocore.exceptions import BotoCoreError, ClientError

from operations.aws import Aws
from operations.endpoint import EndpointError, find_machine, served_version
from settings import SettingsError, Stage, find_stage

REFUSED = 2
LONGEST_REASON = 1_024
"""Characters, on one line (botocore, sagemaker, `ApprovalDescription`)."""

_LOOK_S = 5.0


def roll_back(stage: Stage, reason: str, aws: Aws) -> list[int]:
    """Reject what is in service and newer, and return those versions; raise `EndpointError` if none would be left."""
    present, approved = served_version(stage, aws), _find_approved(stage, aws)
    older = [version for version in approved if version < present]
    if not older:
        raise EndpointError(
            f"no version before {present} is approved: approve one that shall serve, or delete the endpoint"
        )
    rejected = sorted(version for version in approved if version >= present)
    for version in rejected:
        aws.sagemaker.update_model_package(
            ModelPackageArn=approved[version], ModelApprovalStatus="Rejected", ApprovalDescription=reason
        )
    return rejected


def deploy(stage: Stage, aws: Aws, sleep: Callable[[float], None]) -> str:
    """Start the machine and wait for its end; return what went wrong, which is nothing if the model serves."""
    machine = aws.client("stepfunctions")
    started = machine.start_execution(stateMachineArn=find_machine(stage, aws), input=json.dumps({"retry": True}))
    print(f"started {started['executionArn']}")
    while (found := machine.describe_execution(executionArn=started["executionArn"]))["status"] == "RUNNING":
        sleep(_LOOK_S)
    if found["status"] == "SUCCEEDED":
        return ""
    return f"{found.get('error', found['status'])}: {found.get('cause', 'no cause given')}"


def _find_approved(stage: Stage, aws: Aws) -> dict[int, str]:
    """Return the ARNs of approved versions by their numbers."""
    pages = aws.sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=stage.model_package_group_name, ModelApprovalStatus="Approved"
    )
    return {
        each["ModelPackageVersion"]: each["ModelPackageArn"]
        for page in pages
        for each in page["ModelPackageSummaryList"]
    }


def main(argv: Sequence[str], connect: Callable[[str], Aws], sleep: Callable[[float], None]) -> int:
    """Deploy, or roll back, the stage of the command line."""
    options = _parse(argv)
    try:
        stage = find_stage(options.stage)
        aws = connect(stage.region)
        find_machine(stage, aws)  # before anything is rejected that nobody would put back
        if options.rollback:
            rejected = roll_back(stage, options.rollback, aws)
            print(f"rejected {', '.join(f'version {each}' for each in rejected)}: {options.rollback}")
        failure = deploy(stage, aws, sleep)
    except (SettingsError, EndpointError) as error:
        print(f"refused: {error}", file=sys.stderr)
        return REFUSED
    except (BotoCoreError, ClientError) as error:
        print(f"failed: {error}: make preflight STAGE={options.stage} says what is missing", file=sys.stderr)
        return 1
    if failure:
        print(f"failed: {failure}\nWhat to do: docs/runbooks/failed-deployment.md", file=sys.stderr)
        return 1
    print(_say_what_serves(stage, aws))
    return 0


def _say_what_serves(stage: Stage, aws: Aws) -> str:
    if not _find_approved(stage, aws):
        return "no model is approved: nothing was deployed"
    return f"endpoint {stage.endpoint_name} serves version {served_version(stage, aws)}"


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m operations.deploy_model", description=__doc__)
    parser.add_argument("stage", metavar="STAGE", help="a stage of settings/stages.py")
    parser.add_argument(
        "--rollback", type=_reason, metavar="REASON", help="put the version before back; why, for the registry"
    )
    return parser.parse_args(argv)


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise argparse.ArgumentTypeError(f"it has {len(reason):,} characters: write 1 to {LONGEST_REASON:,}")
    return reason


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Aws.connect, time.sleep))
