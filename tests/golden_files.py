"""Golden files: texts that people read in pull requests, one of a kind whole and its variants as diffs."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"

CONTEXT = 1
# Not a number of the base's line: a line more would change the heads of all hunks below it, in each diff.
HUNK = re.compile(r"@@ (\d+) lines on\b")
# A resource of a template, or a step or parameter of a definition.
HEADING = re.compile(r' {4}"(\w+)": \{| {6}"Name": "(\w+)"')


@dataclass(frozen=True)
class Reviewed:
    """A text, the name of its golden file, and the text that the file is a diff against, if it is one."""

    name: str
    text: str
    base: "Reviewed | None" = None


def read(name: str, folder: Path = FOLDER) -> str:
    """Return the text of a golden file, rebuilt from its base if it is a diff."""
    whole = folder / name
    if whole.is_file():
        return whole.read_text(encoding="utf-8")
    assert _diff_file(whole).is_file(), f"{name} is missing: make golden writes it"
    head, _, *lines = _diff_file(whole).read_text(encoding="utf-8").splitlines(keepends=True)
    base = read(head.removeprefix("--- ").rstrip("\n"), folder)
    return "".join(_apply(lines, base.splitlines(keepends=True), name))


def write(reviewed: Reviewed, folder: Path = FOLDER) -> None:
    """Write the base, too: whichever of the two is written first, the diff is one against the base's new text."""
    whole = folder / reviewed.name
    whole.parent.mkdir(parents=True, exist_ok=True)
    whole.unlink(missing_ok=True)
    if reviewed.base is None:
        _diff_file(whole).unlink(missing_ok=True)
        whole.write_text(reviewed.text, encoding="utf-8")
    else:
        write(reviewed.base, folder)
        _diff_file(whole).write_text(diff(reviewed, reviewed.base), encoding="utf-8")


def diff(reviewed: Reviewed, base: Reviewed) -> str:
    """Return a unified diff whose heads say how many lines of the base lie between two hunks, and where it is."""
    old, new = base.text.splitlines(keepends=True), reviewed.text.splitlines(keepends=True)
    lines = [f"--- {base.name}\n", f"+++ {reviewed.name}\n"]
    done = 0
    for hunk in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT):
        start, end = hunk[0][1], hunk[-1][2]
        lines.append(f"@@ {start - done} lines on{_heading(old[: start + CONTEXT + 1])} @@\n")
        for tag, old_start, old_end, new_start, new_end in hunk:
            lines += [(" " if tag == "equal" else "-") + line for line in old[old_start:old_end]]
            lines += ["+" + line for line in new[new_start:new_end] if tag != "equal"]
        done = end
    return "".join(lines)


def _diff_file(whole: Path) -> Path:
    return whole.with_name(whole.name + ".diff")


def _heading(lines: list[str]) -> str:
    found = next((heading for line in reversed(lines) if (heading := HEADING.match(line))), None)
    return f", in {found[1] or found[2]}" if found else ""


def _apply(lines: list[str], base: list[str], name: str) -> list[str]:
    """Return what *lines* make of *base*, each line of which has to be where they say."""
    text: list[str] = []
    done = 0
    for line in lines:
        if head := HUNK.match(line):
            text += base[done : done + int(head[1])]
            done += int(head[1])
            continue
        if line[0] != "+":
            assert base[done : done + 1] == [line[1:]], f"{name} does not fit line {done + 1} of its base: make golden"
            done += 1
        if line[0] != "-":
            text.append(line[1:])
    return text + base[done:]
