"""A golden file that is a diff tells as much as a whole one: no other text passes, and no other base."""

from pathlib import Path

import pytest

from tests.conftest import Golden
from tests.golden_files import Reviewed, read

# Steps that are alike but for their names, as in a definition: only its heading tells a hunk in one from the others.
STEPS = [f'      "Name": "{name}",\n      "Tags": {{\n        "stage": "prod"\n      }},\n' for name in "ABC"]
BASE = Reviewed("prod/steps.json", "".join(STEPS))
OTHER_STAGE = Reviewed("dev/steps.json", "".join(step.replace("prod", "dev") for step in STEPS), BASE)
SEARCH = Reviewed("prod/steps.search.json", BASE.text.replace('"B"', '"Search"'), BASE)
OTHER_SEARCH = Reviewed("dev/steps.search.json", OTHER_STAGE.text.replace('"B"', '"Search"'), SEARCH)
ALL = (BASE, OTHER_STAGE, SEARCH, OTHER_SEARCH)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for reviewed in ALL:
        Golden(rewrite=True, folder=tmp_path).check(reviewed)
    return tmp_path


def passes(text: str, folder: Path, name: str = OTHER_SEARCH.name) -> bool:
    """Return whether *text* is what was reviewed."""
    try:
        Golden(rewrite=False, folder=folder).check(Reviewed(name, text))
    except AssertionError:
        return False
    return True


def edits(text: str) -> list[str]:
    """Return *text* with a line less, a line twice, another line, or two lines in the other order, at each position."""
    lines = text.splitlines(keepends=True)
    found = []
    for at, line in enumerate(lines):
        before, after = lines[:at], lines[at + 1 :]
        others = [[*before, *after], [*before, line, line, *after], [*before, line[:-1] + " \n", *after]]
        others.append([*before, *after[:1], line, *after[1:]])
        found += ["".join(other) for other in others]
    return [edit for edit in found if edit != text]


@pytest.mark.parametrize("reviewed", ALL, ids=lambda reviewed: reviewed.name)
def test_text_passes_and_none_that_is_edited_anywhere(folder: Path, reviewed: Reviewed) -> None:
    assert passes(reviewed.text, folder, reviewed.name)
    assert not [edit for edit in edits(reviewed.text) if passes(edit, folder, reviewed.name)]


def test_change_does_not_pass_in_another_step_with_the_same_lines(folder: Path) -> None:
    texts = ["".join(step.replace("prod", "dev") if step == changed else step for step in STEPS) for changed in STEPS]
    Golden(rewrite=True, folder=folder).check(Reviewed("dev/one.json", texts[1], BASE))
    assert [passes(text, folder, "dev/one.json") for text in texts] == [False, True, False]


@pytest.mark.parametrize("base", [BASE, SEARCH], ids=lambda base: base.name)
def test_diff_passes_only_on_the_reviewed_base(folder: Path, base: Reviewed) -> None:
    path = folder / (base.name if base is BASE else f"{base.name}.diff")
    edited = edits(path.read_text(encoding="utf-8"))
    passed = []
    for edit in edited:
        path.write_text(edit, encoding="utf-8")
        passed.append((passes(base.text, folder, base.name), passes(OTHER_SEARCH.text, folder)))
    assert (False, False) in passed
    assert set(passed) <= {(True, True), (False, False)}


@pytest.mark.parametrize("name", [BASE.name, SEARCH.name + ".diff", OTHER_SEARCH.name + ".diff"])
def test_file_that_is_missing_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(AssertionError, match=rf"^{name.removesuffix('.diff')} is missing: make golden writes it$"):
        read(OTHER_SEARCH.name, folder)


def test_diff_that_does_not_fit_its_base_says_where(folder: Path) -> None:
    (folder / BASE.name).write_text(BASE.text.replace("prod", "test", 1), encoding="utf-8")
    with pytest.raises(AssertionError, match=r"^dev/steps.json does not fit line 3 of its base: make golden$"):
        read(OTHER_STAGE.name, folder)


@pytest.mark.parametrize("order", [ALL, ALL[::-1]], ids=["bases first", "bases last"])
def test_rewriting_needs_no_order(folder: Path, order: tuple[Reviewed, ...]) -> None:
    def renewed(old: Reviewed) -> Reviewed:
        return Reviewed(old.name, old.text.replace("Tags", "Labels"), old.base and renewed(old.base))

    for reviewed in order:
        Golden(rewrite=True, folder=folder).check(renewed(reviewed))
    assert [read(each.name, folder) for each in ALL] == [renewed(each).text for each in ALL]


def test_step_that_is_changed_shows_in_the_base_only(folder: Path) -> None:
    """But for one head of a diff, that of the next hunk."""
    before = (folder / f"{OTHER_STAGE.name}.diff").read_text(encoding="utf-8").splitlines()
    base = Reviewed(BASE.name, BASE.text.replace('"Name": "A",\n', '"Name": "A",\n      "Type": "new",\n'))
    other = OTHER_STAGE.text.replace('"Name": "A",\n', '"Name": "A",\n      "Type": "new",\n')
    Golden(rewrite=True, folder=folder).check(Reviewed(OTHER_STAGE.name, other, base))
    after = (folder / f"{OTHER_STAGE.name}.diff").read_text(encoding="utf-8").splitlines()
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert changed == [("@@ 1 lines on, in A @@", "@@ 2 lines on, in A @@")]
