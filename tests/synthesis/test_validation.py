"""The rules of CloudFormation are asked about each template once, and again for as long as they find something."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aws_cdk as cdk
import pytest

from synthesis.kept import Kept
from synthesis.validation import CloudFormationRules

ASSET = "a" * 64


@dataclass
class Rules:
    """In the place of the CDK's plugin: finds fault with a template that says so."""

    asked: list[list[str]] = field(default_factory=list)

    def __call__(self) -> "Rules":
        return self

    def validate(self, context: Any) -> Any:
        texts = [Path(each.template_path).read_text() for each in context.stack_templates]
        self.asked.append(texts)
        violations = [text for text in texts if "wrong" in text]
        return SimpleNamespace(success=not violations, violations=violations)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    rules = Rules()
    monkeypatch.setattr(cdk, "CloudFormationValidatePlugin", rules)
    return rules


@dataclass
class Project:
    folder: Path
    installed: str = "cdk 1"
    account: str | None = None
    region: str = "eu-west-1"

    def validate(self, *texts: str) -> Any:
        """Return the report on templates of these *texts*."""
        paths = [self.folder / f"{number}.template.json" for number, _ in enumerate(texts)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text)
        stacks = [SimpleNamespace(template_path=str(p), account_id=self.account, region=self.region) for p in paths]
        context = cast(cdk.IPolicyValidationContext, SimpleNamespace(stack_templates=stacks))
        return CloudFormationRules(Kept(self.folder / "kept"), self.installed).validate(context)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_templates_without_a_finding_are_not_validated_again(rules: Rules, project: Project) -> None:
    for texts in (("one", "two"), ("one", "two"), ("two",)):
        report = project.validate(*texts)
        assert (report.success, list(report.violations)) == (True, [])
    assert rules.asked == [["one", "two"]]


def test_template_with_a_finding_is_refused_each_time(rules: Rules, project: Project) -> None:
    for _ in range(3):
        assert project.validate("one", "wrong").violations == ["wrong"]
    assert len(rules.asked) == 3
    project.validate("one", "right")
    assert len(rules.asked) == 4


@pytest.mark.parametrize("change", [{"installed": "cdk 2"}, {"account": "111122223333"}, {"region": "eu-central-1"}])
def test_templates_are_validated_again_by_other_rules_and_for_another_account(
    rules: Rules, project: Project, change: dict[str, str]
) -> None:
    project.validate("one")
    Project(project.folder, **change).validate("one")
    assert len(rules.asked) == 2


def test_edited_template_is_validated_again_and_another_archive_in_it_is_no_edit(
    rules: Rules, project: Project
) -> None:
    for text in (f"Key: {ASSET}.zip", f"Key: {'b' * 64}.zip", f"Key: {ASSET}.json"):
        project.validate(text)
    assert rules.asked == [[f"Key: {ASSET}.zip"], [f"Key: {ASSET}.json"]]


def test_unreadable_record_is_no_record(rules: Rules, project: Project) -> None:
    project.validate("one")
    (record,) = (project.folder / "kept").iterdir()
    record.write_bytes(b"")
    project.validate("one")
    assert len(rules.asked) == 2
