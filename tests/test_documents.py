"""Documents can be followed: pages, make targets, and the AWS CLI's commands with their options, are there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.model import OperationModel

from tests import golden_files
from tests.aws_services import service_model

ROOT = Path(__file__).parents[1]
RUNBOOKS = ROOT / "docs" / "runbooks"
PAGES = sorted(RUNBOOKS.glob("*.md"))
DECISIONS = ROOT / "docs" / "decisions"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

EVERY_COMMAND_TAKES = {"--region", "--query", "--output"}


def title(page: Path) -> str:
    """Return what to call a page where one is told from the other."""
    return page.relative_to(ROOT).with_suffix("").as_posix()


def anchors(page: Path) -> set[str]:
    """Return the names that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(page: Path) -> Iterator[list[str]]:
    """Return the commands of a page, those that go over several lines as one."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for block in re.findall(r"^ {4,}(\S.*)$", text, re.MULTILINE):
        if re.match(r"aws |make |git |grep |export |node_modules/", block):
            yield shlex.split(block, comments=True)


def operation(service: str, name: str) -> OperationModel:
    """Return the operation that the CLI calls *name*."""
    model = service_model(service)
    names = {xform_name(each, "-"): each for each in model.operation_names}
    return model.operation_model(names[name])


@pytest.mark.parametrize("page", DOCUMENTS, ids=title)
def test_every_aws_command_is_one_with_the_options_that_it_takes_and_needs(page: Path) -> None:
    for command in commands(page):
        if command[0] != "aws" or command[1] == "s3":  # what `aws s3` does is in the CLI, not in a model
            continue
        shape = operation(command[1], command[2]).input_shape
        assert shape is not None
        options = {f"--{xform_name(member, '-')}": member for member in shape.members}
        given = {word.replace("--no-", "--", 1) for word in command if word.startswith("--")} - EVERY_COMMAND_TAKES
        assert given <= options.keys(), command
        filled_in = {name for name, member in shape.members.items() if member.metadata.get("idempotencyToken")}
        assert set(shape.required_members) - filled_in <= {options[option] for option in given}, command


@pytest.mark.parametrize("page", DOCUMENTS, ids=title)
def test_every_make_target_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    named = {command[1] for command in commands(page) if command[0] == "make" and command[1:]} | set(
        re.findall(r"`make ([a-z-]+)", text)
    )
    assert named <= targets


@pytest.mark.parametrize("page", DOCUMENTS, ids=title)
def test_every_link_leads_to_a_page(page: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_rule_and_alarm_that_is_named_is_there(page: Path) -> None:
    deployed = golden_files.read("prod/pipeline.template.json")
    for name in re.findall(r"emp-bonus-prod-pipeline-\w+", page.read_text(encoding="utf-8")):
        assert f'Name": "{name}"' in deployed, name


def test_index_names_every_page() -> None:
    index = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([^)]+)\)", index)) == {page.name for page in PAGES} - {"README.md"}


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "README.md"], ids=lambda page: page.stem)
def test_page_is_one_page_and_says_how_to_know_that_it_worked(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    assert "**How to know that it worked.**" in text
    assert re.search(r"\*\*(How it shows|When)\.\*\*", text)


def test_list_of_decisions_has_every_page_under_its_title() -> None:
    titles = {page.name: page.read_text(encoding="utf-8").splitlines()[0] for page in DECISIONS.glob("0*.md")}
    listed = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((.+)\) \|$", (DECISIONS / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert {name: f"# {number}. {words}" for number, words, name in listed} == titles


def test_readme_fits_two_screens() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 90
