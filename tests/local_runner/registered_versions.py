"""A stage whose registry has versions that were never trained."""

import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from artefacts.assembly import load
from local_runner.on_disk.workspace import Workspace
from local_runner.versions import Group
from tests.artefacts.assembly.written_assembly import write_assembly

GROUP = "Bonus"
SAMPLE = {"age": 41.0, "department": "Sales", "hire_date": "2020-02-29", "profile": {"address": "1 Oak Lane, Cork"}}
LEARNT = {"departments": ["Finance", "Sales", "unknown"]}
_FOLDER = "s3://models/1/serving"


@dataclass(frozen=True)
class Stage:
    """An assembly and a workspace with one model package group."""

    folder: Path
    group: Group

    @classmethod
    def write(cls, folder: Path, stage: str = "dev") -> Self:
        write_assembly(folder, ["train"], groups=[GROUP], stage=stage)
        workspace = Workspace(folder / "workspace")
        registry = workspace.registry(load(folder, stage)["train"])
        return cls(folder, Group(GROUP, stage, registry, workspace.store))

    @property
    def options(self) -> list[str]:
        return ["--assembly", str(self.folder), "--workspace", str(self.folder / "workspace")]

    def register(self, status: str = "PendingManualApproval", code: Mapping[str, str] | None = None) -> None:
        """Add a version with a serving artefact that has the modules *code*, by their paths."""
        members = {"feature_model.json": json.dumps(LEARNT)}
        members |= {f"code/{path}": text for path, text in (code or {}).items()}
        self._put("model.tar.gz", members)
        self._put("sample_payload.tar.gz", {"sample.json": json.dumps(SAMPLE)})
        environment = {
            "SAGEMAKER_SERVING_MODULE": "inference.wsgi:application",
            "PYTHONPATH": "/opt/ml/model/code",
            "MODEL_VERSION": "z0z0z0z0z0z0",
        }
        container = {"ModelDataUrl": f"{_FOLDER}/model.tar.gz", "Environment": environment}
        specification = {"Name": "raw-records", "Containers": [container]}
        self.add(
            status,
            AdditionalInferenceSpecifications=[specification],
            SamplePayloadUrl=f"{_FOLDER}/sample_payload.tar.gz",
        )

    def add(self, status: str, **more: Any) -> None:
        """Add a version as it is."""
        request = {"ModelPackageGroupName": GROUP, "ModelApprovalStatus": status, **more}
        self.group.registry.create("Register", request, datetime(2026, 11, 26, 18, 40, tzinfo=UTC))

    def locate(self, name: str) -> Path:
        """Return where the file *name* of the serving artefact is."""
        return Path(self.group.store.locate(f"{_FOLDER}/{name}"))

    def _put(self, name: str, members: Mapping[str, str]) -> None:
        path = self.locate(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(path, "w:gz") as archive:
            for member, text in members.items():
                info = tarfile.TarInfo(member)
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
