"""Runs the monitor job on captured traffic, as its container does."""

import base64
import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.mock_data import COLUMNS
from processing.jobs.monitor import main

VERSION = "7"
CHAMPION = f"arn:aws:sagemaker:eu-west-1:111122223333:model-package/empbonuspackagegroup-dev/{VERSION}"
END = "2026-11-27T06:00:00Z"
TIME = "2026-11-27T05:59:59Z"

Record = dict[str, Any]
Row = Sequence[str]


def answer_record(row: Row, *, prediction: float = 7_500.0, named: bool = True) -> Record:
    """Return what an endpoint answers of a raw row that it can predict."""
    raw = dict(zip(COLUMNS, row, strict=True))
    figures = {
        "age": float(raw["age"]) if raw["age"] else None,
        "salary": float(raw["salary"]) if raw["salary"] else None,
        "department": raw["department"] or None,
        "hire_date": raw["hire_date"],
        "address_length": len(json.loads(raw["profile"])["address"]) if raw["profile"] else None,
    }
    return {**({"employee_id": raw["employee_id"]} if named else {}), "prediction": prediction, "figures": figures}


def answer(*records: Record, version: str = VERSION) -> str:
    """Return an answer in JSON."""
    return json.dumps({"model_version": version, "predictions": records})


def part(data: str, content_type: str = "application/json", encoding: str = "JSON") -> Record:
    """Return what is captured of a request, or of an answer."""
    kept = base64.b64encode(data.encode()).decode() if encoding == "BASE64" else data
    return {"observedContentType": content_type, "mode": "OUTPUT", "data": kept, "encoding": encoding}


def line(output: Record | None = None, *, sent: Record | None = None, time: str = TIME, event: str = "e1") -> str:
    """Return a captured line."""
    captured = {name: each for name, each in (("endpointInput", sent), ("endpointOutput", output)) if each}
    metadata = {"eventId": event, "inferenceTime": time}
    return json.dumps({"captureData": captured, "eventMetadata": metadata, "eventVersion": "0"})


@dataclass(frozen=True)
class MonitorJob:
    """A folder in which the job runs."""

    root: Path

    def write(self, lines: Iterable[str | bytes], name: str = "05/a.jsonl") -> None:
        """Write a file of captured lines."""
        path = self.root / "traffic" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join((each if isinstance(each, bytes) else each.encode()) + b"\n" for each in lines))

    def write_rows(self, rows: Iterable[Row], folder: str, name: str = "employees.csv", header: Row = COLUMNS) -> None:
        """Write a raw file."""
        (self.root / folder).mkdir(exist_ok=True)
        with (self.root / folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    def run(
        self, *options: str, baseline: Path, champion: str = CHAMPION, watches_files: bool = False, host: str = "algo-1"
    ) -> int:
        """Run the job; return its exit code."""
        config = self.root / "resourceconfig.json"
        config.write_text(json.dumps({"current_host": host, "hosts": sorted({"algo-1", host})}))
        names = ["traffic", "monitoring", "message"]
        names += [] if watches_files else ["history", "labels", "champion-feature-model", "champion-evaluation"]
        folders = {name: self.root / name for name in names} | {"baseline": baseline, "resource-config": config}
        words = [word for name, path in folders.items() for word in (f"--{name}", str(path))]
        words += ["--champion", champion, "--minimum-records", "300", "--limit-share", "0.5", "--drifted-share", "0.1"]
        return main([*words, *([] if watches_files else ["--window-end", END]), *options], {})

    @property
    def document(self) -> Any:
        """What the job wrote."""
        return json.loads((self.root / "monitoring/monitoring.json").read_text(encoding="utf-8"))

    @property
    def message(self) -> str:
        """What the job says where it fails."""
        return (self.root / "message").read_text(encoding="utf-8")
