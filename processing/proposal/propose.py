"""Makes a data contract of an export: how it is written, departments, ranges and shares with room."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow.compute as pc

from processing.proposal.column_tables import describe_column
from processing.proposal.dialect import Dialect, find_dialect
from processing.proposal.document import Line, Table, to_toml
from processing.proposal.export import Export
from processing.proposal.ranges import two_digits
from processing.records.columns import COLUMNS, UNKNOWN
from processing.records.format import Format


@dataclass(frozen=True)
class Proposal:
    """A data contract for an export."""

    text: str
    """In TOML."""
    questions: list[str]
    """What only a person can know, and what was assumed."""


def propose(export: Export) -> Proposal:
    """Return the contract that fits *export*."""
    dialect = find_dialect(export.texts, export.layout)
    columns = [describe_column(export, column, dialect) for column in COLUMNS]
    asked = [question for column in columns for question in column.questions]
    questions = [*_ask_encoding(export), *dialect.questions, *asked]
    head = [
        f"A data contract, proposed by `make contract` for {_names(export)}: {export.rows:,} rows.",
        "Behind # stands what was seen there, and why a value is proposed. Change what you know better.",
        *(["", "To be decided:", *(f"- {question}" for question in questions)] if questions else []),
    ]
    return Proposal(
        to_toml(head, [_limits(export), *_format(export, dialect), *(each.table for each in columns)]), questions
    )


def _ask_encoding(export: Export) -> list[str]:
    """Say where departments depend on an encoding that is a guess: in one of single bytes, any bytes are text."""
    encoding = export.layout.encoding
    departments = [texts for column, texts in export.texts.items() if column.fill == UNKNOWN]
    if encoding.startswith("utf") or all(pc.all(pc.string_is_ascii(texts)).as_py() for texts in departments):
        return []
    return [f"encoding: {encoding} is a guess: if the departments have strange letters, write another one"]


def _names(export: Export) -> str:
    first, *others = export.files
    return f"{first} and {len(others)} more files" if others else first


def _limits(export: Export) -> Table:
    fewest = max(1, int(two_digits(export.rows / 2)))
    return Table(
        "",
        [
            Line("minimum_rows", fewest, f"half of this export's {export.rows:,}"),
            Line("maximum_malformed_share", 0.02, "records with too few or too many columns"),
            Line("maximum_row_loss_share", 1.0, "rows fewer than the model in production was trained on; 1 allows any"),
        ],
    )


def _format(export: Export, dialect: Dialect) -> Iterator[Table]:
    """Yield what is not written as by default, and which name of the header means which column."""
    form, default = dialect.format, Format()
    notes = {
        "encoding": "of the text",
        "delimiter": "between columns",
        "header_row": "of the column names; what stands above it is passed over",
        "header_match": "names have spaces or characters that nobody sees, or other ones from file to file",
        **dialect.notes,
    }
    keys = [each.name for each in dataclasses.fields(Format) if each.name != "columns"]
    changed = [key for key in keys if getattr(form, key) != getattr(default, key)]
    yield Table("format", [Line(key, getattr(form, key), notes[key]) for key in changed])
    names = []
    for column, name in form.columns.items():
        others = export.matches[column].others if name else ()
        comment = f"the header has {', '.join(map(repr, others))}, too" if others else ""
        if name != column or others:
            names.append(Line(column, name, comment if name else "the export has no such column"))
    yield Table("format.columns", names, "our name, and the header's")
