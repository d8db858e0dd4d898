"""Where, when and by which versions evidence was gathered."""

import json
import subprocess
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from operations.aws import Aws
from settings import Stage

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "mock_data.csv"


def describe_circumstances(stage: Stage, aws: Aws, started: datetime, ended: datetime) -> dict[str, Any]:
    """Return what a reader of the evidence should know of how it came about."""
    return {
        "ran on": "AWS" if _is_aws(aws) else "a stand-in, which proves nothing about AWS",
        "stage": stage.name,
        "region": stage.region,
        "date": f"{started:%Y-%m-%dT%H:%MZ}",
        "minutes": round((ended - started).total_seconds() / 60),
        "versions": _find_versions(),
    }


def _is_aws(aws: Aws) -> bool:
    host = urlsplit(aws.client("sagemaker").meta.endpoint_url).hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn"))


def _find_versions() -> dict[str, str]:
    """Return what this code is, and what it was deployed and asks with."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    commit = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    cdk = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]["aws-cdk"]
    return {"commit": commit.stdout.strip(), "cdk": cdk, "boto3": version("boto3"), "sagemaker": version("sagemaker")}
