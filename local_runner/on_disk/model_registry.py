"""The model registry in a folder, with a file per version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from artefacts.assembly import Account
from local_runner.errors import StepFailedError
from local_runner.files import temporary_path, write_whole
from local_runner.ports import Package


class UnknownPackageError(Exception):
    """A version, or a group, that the registry does not have."""


@dataclass(frozen=True)
class DirectoryRegistry:
    """Model packages below one folder."""

    folder: Path
    account: Account
    groups: frozenset[str]
    """Package groups that exist."""

    def create(self, step: str, request: Mapping[str, Any], now: datetime) -> Package:  # noqa: ARG002  the port has it
        """Add a version to the group that *request* (of CreateModelPackage) names, and return its description."""
        group = request["ModelPackageGroupName"]
        if group not in self.groups:
            raise StepFailedError(f"ClientError: model package group {group} does not exist")
        version = 1 + max(self._versions(group), default=0)
        while True:
            # The service writes the group's name in lower case here.
            arn = self.account.arn("sagemaker", f"model-package/{group.lower()}/{version}")
            description = {
                **request,
                "ModelPackageVersion": version,
                "ModelPackageArn": arn,
                "ModelPackageStatus": "Completed",
                "CreationTime": now.isoformat(),
            }
            if self._add(group, version, description):
                return description
            version += 1

    def list(self, group: str, status: str | None = None) -> list[Package]:
        """Return the versions of *group*, those with the approval *status* only if one is given; the newest first."""
        if group not in self.groups:
            raise UnknownPackageError(f"model package group {group} does not exist")
        found = [self._read(group, version) for version in sorted(self._versions(group), reverse=True)]
        return [package for package in found if status in (None, package["ModelApprovalStatus"])]

    def describe(self, arn: str) -> Package:
        """Return the version with *arn*."""
        found = (package for group in self.groups for package in self.list(group) if package["ModelPackageArn"] == arn)
        package = next(found, None)
        if package is None:
            raise UnknownPackageError(f"model package {arn} does not exist")
        return package

    def find(self, group: str, version: int) -> Package:
        """Return *version* of *group*."""
        if version not in self._versions(group):
            known = ", ".join(map(str, sorted(self._versions(group)))) or "none yet"
            raise UnknownPackageError(f"version {version} of {group} does not exist: choose from {known}")
        return self._read(group, version)

    def decide(self, group: str, version: int, status: str, now: datetime, reason: str = "") -> Package:
        """Give *version* of *group* the approval *status*, with the *reason*, and return its new description."""
        package = self.find(group, version) | {"ModelApprovalStatus": status, "LastModifiedTime": now.isoformat()}
        if reason:
            package["ApprovalDescription"] = reason
        write_whole(self._path(group, version), _to_json(package))
        return package

    def _add(self, group: str, version: int, description: Package) -> bool:
        """Write a new version whole, so that nobody reads half of it; return whether it was still free."""
        with temporary_path(self.folder / group) as unfinished:
            unfinished.write_text(_to_json(description), encoding="utf-8")
            try:
                self._path(group, version).hardlink_to(unfinished)
            except FileExistsError:
                return False
        return True

    def _versions(self, group: str) -> set[int]:
        return {int(path.stem) for path in (self.folder / group).glob("*.json")}

    def _path(self, group: str, version: int) -> Path:
        return self.folder / group / f"{version}.json"

    def _read(self, group: str, version: int) -> Package:
        package: Package = json.loads(self._path(group, version).read_text(encoding="utf-8"))
        return package


def _to_json(package: Package) -> str:
    return json.dumps(package, indent=2) + "\n"
