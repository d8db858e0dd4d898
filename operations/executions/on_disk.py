"""The executions that the local runner keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from artefacts.execution import Execution, Step
from artefacts.execution.document import read_document
from artefacts.execution.plan import add_plan, make_plan
from execution_report.arns import last_part
from execution_report.sources import EXECUTION, Document, Facts, read_folder, read_json
from local_runner.on_disk.workspace import DEFINITION
from operations.executions.source import LATEST, Log, Summary, UnknownExecutionError


@dataclass(frozen=True)
class LocalExecutions:
    """The executions of the pipeline called *pipeline* below *folder*."""

    folder: Path
    pipeline: str

    def list_newest(self, limit: int) -> list[Summary]:
        """Return the newest executions, the newest first."""
        found = sorted(self._read_all(), key=lambda each: str(each.created), reverse=True)
        return [Summary(each.arn, each.status, each.created, each.reason) for each in found[:limit]]

    def find(self, name: str) -> str:
        """Return the ARN of the execution *name*: its id, its ARN, or `latest`."""
        if name == LATEST and (newest := self.list_newest(1)):
            return newest[0].arn
        return self._read_file(last_part(name)).arn

    def read(self, arn: str) -> Execution:
        """Return the execution *arn*, with the steps that have not started where its definition is kept."""
        execution = self._read_file(last_part(arn))
        try:
            definition = self.read_definition(execution.arn)
        except UnknownExecutionError:  # it is from before any was
            return execution
        return add_plan(execution, make_plan(definition, execution.parameters))

    def read_whole(self, arn: str) -> Execution:
        """Return the same: what jobs said, and where outputs are, is in it."""
        return self.read(arn)

    def read_definition(self, arn: str) -> Document:
        """Return the definition that *arn* was started with."""
        definition = self.locate(arn) / DEFINITION
        if not definition.is_file():
            raise UnknownExecutionError(f"{definition} does not exist")
        return read_json(definition)

    def read_facts(self, arn: str) -> Facts:
        """Return the execution *arn* with the documents that its steps wrote."""
        return read_folder(self.locate(arn))

    def read_logs(self, execution: Execution, step: Step, lines: int) -> list[Log]:
        """Return the last *lines* of each host of the step's job."""
        files = sorted((self.folder / execution.id / step.name).rglob("*.log"))
        return [Log(str(file), file.read_text("utf-8", errors="replace").splitlines()[-lines:]) for file in files]

    def locate(self, arn: str) -> Path:
        """Return the folder of the execution *arn*."""
        return self.folder / last_part(arn)

    def _read_all(self) -> Iterator[Execution]:
        for file in self.folder.glob(f"*/{EXECUTION}"):
            execution = read_document(read_json(file))
            if execution.pipeline == self.pipeline and file.parent.name == execution.id:  # and not by the link to it
                yield execution

    def _read_file(self, id_: str) -> Execution:
        file = self.folder / id_ / EXECUTION
        if not file.is_file():
            raise UnknownExecutionError(f"{self.folder} holds no execution {id_}: see list --local, or make run first")
        return read_document(read_json(file))
