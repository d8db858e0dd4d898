"""A difference as text for a terminal."""

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from operations.pipeline_diff.change import Diff, Severity
from operations.pipeline_diff.render.summary import Row, explain, headline, rows
from operations.pipeline_diff.render.wording import on_one_line, shorten

COLOURS: Mapping[Severity | None, str] = {
    Severity.DANGER: "bold red",
    Severity.REVIEW: "yellow",
    Severity.NOTE: "cyan",
    None: "green",
}
_LABEL = 10


def render(diff: Diff) -> RenderableType:
    """Return headline, meaning, and every change with all of its details."""
    title = Text(on_one_line(f"{diff.base} -> {diff.head}: {headline(diff)}"), COLOURS[diff.severity])
    meaning = [Text(on_one_line(sentence)) for sentence in explain(diff)]
    return Group(title, *meaning, *(_render_row(row, several=len(diff.pipelines) > 1) for row in rows(diff)))


def _render_row(row: Row, *, several: bool) -> RenderableType:
    change = row.change
    where = f" ({row.pipeline})" if row.pipeline and several else ""
    title = Text.assemble(
        (f"{change.severity.name.lower():{_LABEL}}", COLOURS[change.severity]),
        (f"{change.area}  ", "dim"),
        (on_one_line(change.subject), "bold"),
        on_one_line(f"{where}: {change.what}"),
    )
    return Group(title, *(Text.assemble(" " * _LABEL, line) for line in _lines(row)))


def _lines(row: Row) -> Iterator[Text]:
    before, after = shorten(row.change.before, row.change.after)
    if before is not None:
        yield Text(f"- {before}", "red")
    if after is not None:
        yield Text(f"+ {after}", "green")
    if row.change.why:
        yield Text(on_one_line(row.change.why), "italic")
    for detail in row.change.details:
        yield Text(f"  {on_one_line(detail)}", "dim")
