"""`python -m benchmarks.agreement OURS POLARS` exits with a line unless our jobs and the polars program found the same.

In a process of its own, and in a stream: the files are large.
"""

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

FILES = {
    "cleaned": "cleaned_data",
    "transformed": "transformed_data",
    "train": "train",
    "validation": "validation",
    "test": "test",
    "readable-test": "readable_test",
}
WITHOUT_HEADER = ("train", "validation", "test")
LEARNT = ("age_median", "salary_median", "salary_bounds", "reference_date", "departments")
BLOCK_ROWS = 1 << 17


def compare_files(ours: Path, polars: Path, *, has_header: bool) -> None:
    """Exit unless both files hold the same rows, in the same order, to the last digit."""
    count = 0
    for one, other in zip(*(_blocks(path, has_header=has_header) for path in (ours, polars)), strict=True):
        if not one.equals(other.cast(one.schema)):
            sys.exit(f"{ours} and {polars} differ between their rows {count + 1} and {count + len(one)}: correct one")
        count += len(one)


def _blocks(path: Path, *, has_header: bool) -> Iterator[pa.Table]:
    """Yield the rows of *path*, as many at a time; numbers as such, however they are written."""
    names = pacsv.ReadOptions(autogenerate_column_names=not has_header, block_size=1 << 24)
    with path.open("rb") as file:
        first = file.readline() if has_header else b""
    columns = first.decode().strip().replace('"', "").split(",") if has_header else []
    types = dict.fromkeys({"split_key"} & {*columns}, pa.uint64())
    with pacsv.open_csv(path, names, convert_options=pacsv.ConvertOptions(column_types=types)) as reader:
        rows = pa.Table.from_batches([], reader.schema)
        for batch in reader:
            rows = pa.concat_tables([rows, pa.Table.from_batches([batch])])
            while len(rows) >= BLOCK_ROWS:
                yield rows[:BLOCK_ROWS].combine_chunks()
                rows = rows[BLOCK_ROWS:]
        yield rows.combine_chunks()


def compare_figures(ours: Mapping[str, Any], polars: Mapping[str, Any]) -> None:
    """Exit unless the figures of data quality agree.

    Polars takes a record without its last field, which we count apart, for one without a bonus: each of its counts may
    be greater by as many, and its means may differ a little.
    """
    apart = ours["malformed_records"]
    if polars["rows"] != ours["rows"] + apart:
        sys.exit(f"{polars['rows']} rows in polars, {ours['rows']} and {apart} malformed ones here: correct one")
    for name, column in ours["columns"].items():
        for figure, value in _flatten(column):
            found = dict(_flatten(polars["columns"][name]))[figure]
            if not _agrees(value, found, apart):
                sys.exit(f"{figure} of {name} is {value} here and {found} in polars: correct one")


def _agrees(ours: float | str, polars: Any, apart: int) -> bool:
    match ours:
        case str():
            return bool(ours == polars)
        case int():
            return abs(ours - int(polars)) <= apart
    return math.isclose(ours, polars, rel_tol=1e-3)


def _flatten(column: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for figure, value in column.items():
        match value:
            case {"counts": counts}:
                yield from ((f"{figure} {index}", count) for index, count in enumerate(counts))
            case dict():
                yield from ((f"{figure} {each}", count) for each, count in value.items())
            case list():
                yield from ((f"{figure} {index}", count) for index, count in enumerate(value))
            case _ if figure != "type":
                yield figure, value


def main(argv: Sequence[str]) -> int:
    """Compare what lies in the two folders of the command line."""
    ours, polars = map(Path, argv)
    report = json.loads((polars / "report.json").read_text(encoding="utf-8"))
    compare_figures(json.loads((ours / "data-quality" / "data_quality.json").read_text("utf-8")), report["figures"])
    model = json.loads((ours / "feature-model" / "feature_model.json").read_text(encoding="utf-8"))
    for name in LEARNT:
        if model[name] != report["learnt"][name]:
            sys.exit(f"{name} is {model[name]} here and {report['learnt'][name]} in polars: correct one")
    for folder, name in FILES.items():
        has_header = name not in WITHOUT_HEADER
        compare_files(ours / folder / f"{name}.csv", polars / f"{name}.csv", has_header=has_header)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
