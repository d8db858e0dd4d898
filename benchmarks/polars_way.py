"""Data quality, preprocessing and split as one polars program: what our three jobs are timed against.

It parses the file once, on all cores, and keeps the typed rows in memory. Left out is what polars has no means for:
which rows are rejected and why, which undeclared form a value has, and that a record lacks its last field (it counts as
one without a bonus). It runs in an environment of its own, without our packages.
"""

import datetime
import hashlib
import json
import math
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

CONTRACT = Path(__file__).parents[1] / "processing" / "contract" / "data_contract.toml"

BINS = 20
MAXIMUM_TEXT, MAXIMUM_ADDRESS = 256, 1_000
REQUIRED = ("employee_id", "hire_date", "bonus")
VALUES = ("employee_id", "age", "salary", "department", "hire_date", "address_length", "bonus")
NUMBERS = ("age", "salary", "tenure_years", "address_length")
DUMMIES = {
    "salary_category": ["low", "medium", "high"],
    "age_group": ["under_30", "30_to_39", "40_to_49", "50_and_over"],
}
Columns = Mapping[str, Mapping[str, Any]]
"""What the contract says of each."""


def read(path: Path, columns: Columns, seed: str | None = None) -> pl.DataFrame:
    """Return the records of *path*: values typed, or null, beside whether each is missing or invalid.

    With a *seed*, beside their split keys, too.
    """
    # An empty cell is an empty text, as one of blanks is.
    texts = pl.scan_csv(path, infer_schema=False, truncate_ragged_lines=True, empty_string_is_null=False)
    trimmed = texts.select(pl.col(name).str.strip_chars() for name in columns)
    typed = [_value(name, column) for name, column in columns.items()]
    missing = [(pl.col(name) == "").alias(f"{name} missing") for name in columns]
    read = trimmed.select(*typed, *missing)
    invalid = [
        (_is_invalid(name, column) & ~pl.col(f"{name} missing")).alias(f"{name} invalid")
        for name, column in columns.items()
    ]
    keys = [
        pl.col("employee_id")
        .map_batches(partial(_split_keys, seed=each), pl.UInt64, is_elementwise=True)
        .alias("split_key")
        for each in ([seed] if seed else [])
    ]
    return read.with_columns(*invalid, *keys).collect(engine="streaming")


def _value(name: str, column: Mapping[str, Any]) -> pl.Expr:
    match column["type"]:
        case "number":
            return pl.col(name).cast(pl.Float64, strict=False)
        case "date":
            return pl.col(name).str.to_date("%Y-%m-%d", strict=False)
        case "profile":
            decoded = pl.col(name).str.json_path_match("$.address").str.len_chars().cast(pl.Int32)
            # Where nothing comes of it, Python tells an object without an address from what is none: these are few.
            odd = decoded.is_null() & (pl.col(name) != "")
            return pl.struct(pl.col(name), decoded.alias("length"), odd.alias("odd")).map_batches(
                _settle, pl.Int32, is_elementwise=True
            )
        case _:
            return pl.col(name)


def _settle(profiles: pl.Series) -> pl.Series:
    """Return the lengths of addresses, 0 where there is none, null where a profile is no object."""
    fields = profiles.struct.unnest()
    lengths, odd = fields["length"].fill_null(0), fields["odd"]
    rows = odd.arg_true()
    return lengths.scatter(rows, [_length(text) for text in fields["profile"].gather(rows)])


def _length(text: str) -> int | None:
    try:
        profile = json.loads(text)
    except ValueError:
        return None
    return 0 if isinstance(profile, dict) and profile.get("address") is None else None


def _is_invalid(name: str, column: Mapping[str, Any]) -> pl.Expr:
    match column["type"]:
        case "number" | "date":
            return ~pl.col(name).is_between(column["minimum"], column["maximum"]).fill_null(False)
        case "profile":
            return ~(pl.col(name) <= MAXIMUM_ADDRESS).fill_null(False)
        case _:
            return pl.col(name).str.len_chars() > MAXIMUM_TEXT


def _split_keys(ids: pl.Series, seed: str) -> pl.Series:
    """Return BLAKE2b of each id as a number, as the jobs have it."""
    keyed, digests = hashlib.blake2b(digest_size=8, key=seed.encode()).copy, []
    for text in ids.to_list():
        digest = keyed()
        digest.update(text.encode())
        digests.append(digest.digest())
    return pl.Series(np.frombuffer(b"".join(digests), ">u8").astype(np.uint64))


def measure(frame: pl.DataFrame, columns: Columns) -> dict[str, Any]:
    """Return what the data quality report says of each column."""
    return {name: _figures(frame, name, column) for name, column in columns.items()}


def _figures(frame: pl.DataFrame, name: str, column: Mapping[str, Any]) -> dict[str, Any]:
    missing, invalid = frame[f"{name} missing"], frame[f"{name} invalid"]
    values = frame[name].filter(~(missing | invalid))
    counts = {"count": len(values), "missing": int(missing.sum()), "invalid": int(invalid.sum())}
    match column["type"]:
        case "identifier":
            distinct = values.n_unique()
            return counts | {"distinct": distinct, "duplicate": len(values) - distinct}
        case "number":
            low, high = column["minimum"], column["maximum"]
            bins = ((values - low) / (high - low) * BINS).cast(pl.Int32).clip(0, BINS - 1)
            spread = {"mean": values.mean(), "standard_deviation": values.std()}
            histogram = np.bincount(bins.to_numpy(), minlength=BINS).tolist()
            return counts | spread | {"minimum": values.min(), "maximum": values.max(), "histogram": histogram}
        case "category":
            found = dict(values.value_counts().iter_rows())
            known = {value: found.get(value, 0) for value in column["values"]}
            return counts | {"values": known, "unknown": len(values) - sum(known.values())}
        case "date":
            return counts | {"minimum": str(values.min()), "maximum": str(values.max())}
        case _:
            return counts


def select_usable(frame: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    """Return the rows that are of use, one of each employee, in the order of their split keys."""
    faults = [pl.col(f"{name} invalid") for name in columns] + [pl.col(f"{name} missing") for name in REQUIRED]
    departments = pl.col("department").is_in(["", *columns["department"]["values"]])
    usable = frame.lazy().filter(~pl.any_horizontal(faults)).rename({"profile": "address_length"})
    rows = (
        usable.select(
            *VALUES[:3], pl.when(departments).then("department").otherwise(pl.lit("unknown")), *VALUES[4:], "split_key"
        )
        .sort("split_key")
        .collect()
    )
    keys = rows["split_key"].to_numpy()
    same = np.flatnonzero(keys[1:] == keys[:-1])
    return rows.filter(~pl.Series(_left_out(rows, np.union1d(same, same + 1)))) if len(same) else rows


def _left_out(
    rows: pl.DataFrame, duplicates: np.ndarray[Any, np.dtype[np.intp]]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which rows another of the same employee stands for: the one with the smallest digest stays."""
    left_out = np.zeros(len(rows), bool)
    left_out[duplicates] = True
    kept: dict[int, tuple[bytes, int]] = {}
    for index, (*values, key) in zip(duplicates.tolist(), rows[duplicates].iter_rows(), strict=True):
        digest = hashlib.blake2b(repr(tuple(values)).encode(), digest_size=8).digest()
        kept[key] = min(kept.get(key, (digest, index)), (digest, index))
    left_out[[index for _, index in kept.values()]] = False
    return left_out


def learn(training: pl.DataFrame) -> dict[str, Any]:
    """Return what is learnt from the training rows."""
    thirds = [training["salary"].quantile(share, "linear") for share in (1 / 3, 2 / 3)]
    return {
        "age_median": training["age"].median(),
        "salary_median": training["salary"].median(),
        "salary_bounds": [round(each, 2) for each in thirds],
        "reference_date": _latest(training["hire_date"]),
        "label_mean": training["bonus"].mean(),
        "departments": [*sorted(set(training["department"].unique()) - {"", "unknown"}), "unknown"],
    }


def _latest(dates: pl.Series) -> datetime.date:
    """Return the last of *dates* within the upper fence, or before the last hundredth."""
    days = dates.to_physical().sort().to_numpy()
    first, third = (int(days[math.ceil(share * len(days)) - 1]) for share in (0.25, 0.75))
    usual = int(days[min(math.ceil(0.99 * len(days)), len(days) - 1) - 1])
    latest = days[np.searchsorted(days, max(third + 1.5 * (third - first), usual), "right") - 1]
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=int(latest))


def clean(rows: pl.DataFrame, learnt: Mapping[str, Any]) -> pl.DataFrame:
    """Return *rows* with nothing missing, and with the derived columns."""
    days = (pl.lit(learnt["reference_date"]) - pl.col("hire_date")).dt.total_days().clip(0)
    filled = rows.lazy().select(
        "employee_id",
        pl.col("age").fill_null(learnt["age_median"]),
        pl.col("age").is_null().cast(pl.UInt8).alias("age_missing"),
        pl.col("salary").fill_null(learnt["salary_median"]),
        pl.col("salary").is_null().cast(pl.UInt8).alias("salary_missing"),
        pl.when(pl.col("department") == "").then(pl.lit("unknown")).otherwise("department").alias("department"),
        "hire_date",
        (days / 365.25).round(4).alias("tenure_years"),
        *("address_length", "bonus", "split_key"),
    )
    derived = filled.with_columns(
        _interval("salary", learnt["salary_bounds"]).alias("salary_category"),
        _interval("age", [30, 40, 50]).alias("age_group"),
    )
    return derived.select(pl.exclude("bonus", "split_key"), "bonus", "split_key").collect()


def _interval(name: str, bounds: Sequence[float]) -> pl.Expr:
    *others, last = DUMMIES["salary_category" if name == "salary" else "age_group"]
    expression = pl.lit(last)
    for bound, label in reversed(list(zip(bounds, others, strict=True))):
        expression = pl.when(pl.col(name) < bound).then(pl.lit(label)).otherwise(expression)
    return expression


def transform(cleaned: pl.DataFrame, departments: Sequence[str]) -> pl.DataFrame:
    """Return the features of cleaned rows, between label and split key."""
    known = pl.when(pl.col("department").is_in(departments)).then("department").otherwise(pl.lit("unknown"))
    levels = [(pl.col(name), name, value) for name, values in DUMMIES.items() for value in values]
    levels += [(known, "department", value) for value in departments]
    dummies = [(column == value).cast(pl.UInt8).alias(f"{name}_{value}") for column, name, value in levels]
    return cleaned.lazy().select("bonus", *NUMBERS, *dummies, "split_key").collect()


def write(cleaned: pl.DataFrame, numbers: pl.DataFrame, train: int, test: int, out: Path) -> None:
    """Write the four sets: training rows are above row *train*, test rows from *test* on."""
    channels = numbers.drop("split_key")
    sets = {"train": channels[:train], "validation": channels[train:test], "test": channels[test:]}
    for name, rows in sets.items():
        rows.write_csv(out / f"{name}.csv", include_header=False)
    cleaned[test:].write_csv(out / "readable_test.csv")


@contextmanager
def timed(phases: dict[str, float], name: str) -> Iterator[None]:
    """Note how many seconds a phase takes."""
    started = time.perf_counter()
    yield
    phases[name] = time.perf_counter() - started


def main(argv: Sequence[str]) -> int:
    """Run on the file, output folder and seed of the command line; write the files, figures and phases beside them.

    Without a seed, stop at the figures of data quality.
    """
    path, out, *seeds = argv
    columns = tomllib.loads(CONTRACT.read_text(encoding="utf-8"))["columns"]
    Path(out).mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        prepare(Path(path), Path(out), columns, seed)
    if not seeds:
        frame = read(Path(path), columns)
        (Path(out) / "quality.json").write_text(json.dumps(measure(frame, columns)), encoding="utf-8")
    return 0


def prepare(path: Path, out: Path, columns: Columns, seed: str) -> None:
    """Do all the work."""
    phases: dict[str, float] = {}
    with timed(phases, "read"):
        frame = read(path, columns, seed)
    with timed(phases, "data quality"):
        figures = {"rows": len(frame), "columns": measure(frame, columns)}
    with timed(phases, "select and sort"):
        rows = select_usable(frame, columns)
        del frame
    train, test = round(0.7 * len(rows)), len(rows) - round(0.1 * len(rows))
    with timed(phases, "learn and transform"):
        learnt = learn(rows[:train])
        cleaned = clean(rows, learnt)
        del rows
        numbers = transform(cleaned, learnt["departments"])
    with timed(phases, "write the sets"):
        write(cleaned, numbers, train, test, out)
    with timed(phases, "write all rows"):  # as preprocessing does, for the split, and for people
        cleaned.write_csv(out / "cleaned_data.csv")
        numbers.write_csv(out / "transformed_data.csv")
    document = {"figures": figures, "learnt": learnt, "phases": phases}
    (out / "report.json").write_text(json.dumps(document, indent=2, default=str), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
