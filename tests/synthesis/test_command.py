"""A synthesis keeps an assembly only if it may be taken the next time, and takes it as it was."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from settings import STAGES
from synthesis import command
from synthesis.definitions import Definitions
from synthesis.inputs import KEPT_FOLDER, ROOT, SOURCES, compute_key
from synthesis.kept import Kept

DEV = STAGES["dev"]


@dataclass
class Synthesis:
    """Writes assemblies, and counts those that the CDK had to write."""

    folder: Path
    installed: str = "cdk 1"
    findings: list[str] = field(default_factory=list)
    definitions_are_kept: bool = True
    meanwhile: Callable[[], object] = lambda: None
    sources: str = field(default_factory=lambda: compute_key(ROOT, SOURCES))
    by_the_cdk: int = 0

    def run(self, *read: str, **environment: str) -> str:
        """Return the manifest that is written; the process has *read* files of the project."""
        out = self.folder / f"out-{len([*self.folder.iterdir()])}"
        command.write_assembly(
            DEV, Kept(self.folder / "kept"), {"CDK_OUTDIR": str(out), **environment}, read, self.sources
        )
        return (out / "manifest.json").read_text(encoding="utf-8")


@pytest.fixture
def synthesis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Synthesis:
    synthesis = Synthesis(tmp_path)

    @contextlib.contextmanager
    def begin(*_: object) -> Iterator[Callable[[], Definitions]]:
        yield lambda: Definitions("{}", scoring="")

    def synthesize(_: object, __: object, ___: object, environment: dict[str, str], ____: object) -> None:
        synthesis.by_the_cdk += 1
        synthesis.meanwhile()
        out = Path(environment["CDK_OUTDIR"])
        out.mkdir()
        report = {"pluginReports": [{"violations": synthesis.findings}]}
        manifest = {"number": synthesis.by_the_cdk}
        for name, document in {"manifest.json": manifest, "validation-report.json": report, "cdk.out": {}}.items():
            (out / name).write_text(json.dumps(document), encoding="utf-8")

    monkeypatch.setattr(command, "begin", begin)
    monkeypatch.setattr(command, "are_kept", lambda *_: synthesis.definitions_are_kept)
    monkeypatch.setattr(command, "synthesize", synthesize)
    monkeypatch.setattr(command, "check_data_contract", lambda _: None)
    monkeypatch.setattr(command, "installed_here", lambda _: synthesis.installed)
    return synthesis


def test_assembly_is_taken_as_it_was_for_as_long_as_nothing_changes(synthesis: Synthesis) -> None:
    assert {synthesis.run() for _ in range(3)} == {'{"number": 1}'}
    assert synthesis.by_the_cdk == 1


def test_another_environment_and_other_packages_are_synthesized(synthesis: Synthesis) -> None:
    synthesis.run()
    assert synthesis.run(CDK_DEFAULT_ACCOUNT="111122223333") == '{"number": 2}'
    synthesis.installed = "cdk 2"
    assert synthesis.run() == '{"number": 3}'


def test_assembly_with_a_finding_is_not_kept(synthesis: Synthesis) -> None:
    synthesis.findings = ["AwsSolutions-S1"]
    assert [synthesis.run(), synthesis.run()] == ['{"number": 1}', '{"number": 2}']


def test_assembly_that_took_a_file_that_no_key_knows_is_not_kept(synthesis: Synthesis) -> None:
    known = ("settings/stages.py", "app.py", DEV.data_contract)
    assert [synthesis.run(*known, "docs/data.md"), synthesis.run()] == ['{"number": 1}', '{"number": 2}']
    assert synthesis.run() == '{"number": 2}'


def test_assembly_in_whose_making_something_was_changed_is_not_kept(synthesis: Synthesis) -> None:
    synthesis.meanwhile = lambda: setattr(synthesis, "installed", "cdk 2")
    synthesis.run()
    synthesis.installed, synthesis.meanwhile = "cdk 1", lambda: None
    assert synthesis.run() == '{"number": 2}'


def test_assembly_whose_definitions_took_a_file_that_no_key_knows_is_not_kept(synthesis: Synthesis) -> None:
    synthesis.definitions_are_kept = False
    assert [synthesis.run(), synthesis.run()] == ['{"number": 1}', '{"number": 2}']


def test_assembly_of_sources_that_were_edited_after_they_were_imported_is_not_kept(synthesis: Synthesis) -> None:
    now, synthesis.sources = synthesis.sources, "before the edit"
    synthesis.run()
    assert [synthesis.run(), synthesis.by_the_cdk] == ['{"number": 2}', 2]
    synthesis.sources = now
    assert synthesis.run() == '{"number": 3}'


def test_nothing_is_kept_where_python_finds_modules_elsewhere(tmp_path: Path) -> None:
    for more, found in (({}, b""), ({"PYTHONPATH": "/opt/modules"}, None)):
        kept = command.choose_kept({KEPT_FOLDER: str(tmp_path), **more})
        kept.keep("assembly-1", b"")
        assert kept.find("assembly-1") == found


def test_context_that_does_not_fit_in_the_environment_is_read_from_its_file(tmp_path: Path) -> None:
    overflow = tmp_path / "context-overflow.json"
    overflow.write_text('{"stage": "prod"}', encoding="utf-8")
    environment = {"CDK_CONTEXT_JSON": '{"flag": true}', "CONTEXT_OVERFLOW_LOCATION_ENV": str(overflow)}
    assert command.read_context(environment) == {"flag": True, "stage": "prod"}
    assert command.read_context({}) == {}
