"""A model registry in a folder: a file per version, in the words of DescribeModelPackage."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from local_runner.errors import StepFailedError
from local_runner.intrinsics import Account


@dataclass(frozen=True)
class DirectoryRegistry:
    """Model packages below one folder."""

    folder: Path
    account: Account
    groups: frozenset[str]
    """Package groups that exist."""

    def create(self, request: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Add a version to the group that *request* (of CreateModelPackage) names, and return its description."""
        group = request["ModelPackageGroupName"]
        if group not in self.groups:
            raise StepFailedError(f"ClientError: model package group {group} does not exist")
        folder = self.folder / group
        folder.mkdir(parents=True, exist_ok=True)
        version = 1 + max((int(path.stem) for path in folder.glob("*.json")), default=0)
        while True:
            try:
                # Whoever creates the file has the version; the next run tries the next one.
                file = (folder / f"{version}.json").open("x", encoding="utf-8")
                break
            except FileExistsError:
                version += 1
        # The service writes the group's name in lower case here.
        arn = self.account.arn("sagemaker", f"model-package/{group.lower()}/{version}")
        description = {
            **request,
            "ModelPackageVersion": version,
            "ModelPackageArn": arn,
            "ModelPackageStatus": "Completed",
            "CreationTime": now.isoformat(),
        }
        with file:
            file.write(json.dumps(description, indent=2) + "\n")
        return description
