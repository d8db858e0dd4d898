"""Preprocessing and split the plain pandas way, all in memory: what the streaming jobs are tested and timed against."""

import hashlib
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

DUMMIES = {
    "salary_category": ["low", "medium", "high"],
    "age_group": ["under_30", "30_to_39", "40_to_49", "50_and_over"],
}
NUMBERS = ["age", "salary", "tenure_years", "address_length"]
BEGINNINGS = {"age": "age", "salary": "salary", "department": "department", "hire_date": "tenure", "profile": "address"}
"""Raw column -> what the names of its features begin with."""

RANGES = {"age": (15, 100), "salary": (1_000, 500_000), "bonus": (0, 100_000)}
HIRED = (pd.Timestamp("1950-01-01"), pd.Timestamp("2030-12-31"))
DEPARTMENTS = ["Engineering", "Finance", "Human Resources", "Marketing", "Operations", "Sales"]
"""What the contract asks."""


def read(path: Path) -> pd.DataFrame:
    """Return the usable rows of one raw file, typed; each employee once, by the digests of the rows."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False, on_bad_lines="skip")
    raw = raw[raw["bonus"].notna()]  # a row that is too short has no bonus at all
    frame, usable = read_inputs(raw)
    frame["bonus"] = pd.to_numeric(raw["bonus"], errors="coerce")
    usable &= frame["bonus"].between(*RANGES["bonus"])
    usable_rows = frame[usable]
    twice = usable_rows["employee_id"].duplicated(keep=False)
    digests = usable_rows[twice].apply(_digest, axis="columns")
    return usable_rows.loc[[*digests.sort_values().index, *usable_rows.index[~twice]]].drop_duplicates("employee_id")


def read_inputs(raw: pd.DataFrame) -> tuple[pd.DataFrame, "pd.Series[bool]"]:
    """Return raw texts typed, but for the label, and which rows of them are usable."""
    profiles = raw["profile"].map(_parse)
    frame = pd.DataFrame(
        {
            "employee_id": raw["employee_id"].str.strip(),
            "age": pd.to_numeric(raw["age"], errors="coerce"),
            "salary": pd.to_numeric(raw["salary"], errors="coerce"),
            "department": raw["department"].where(raw["department"].isin(["", *DEPARTMENTS]), "unknown"),
            "hire_date": _dates(raw["hire_date"]),
            "address_length": profiles.map(lambda profile: len((profile or {}).get("address") or "")),
        }
    )
    usable = (
        (frame["employee_id"] != "")
        & (frame["age"].between(*RANGES["age"]) | (raw["age"] == ""))
        & (frame["salary"].between(*RANGES["salary"]) | (raw["salary"] == ""))
        & frame["hire_date"].between(*HIRED)
        & profiles.notna()
    )
    return frame, usable


def split(frame: pd.DataFrame, seed: str) -> pd.DataFrame:
    """Return the split key and the set of each row of *frame*."""
    key = frame["employee_id"].map(lambda text: _split_key(text, seed)).astype("uint64")
    rank = key.rank(method="first")
    rows = len(frame)
    names = pd.Series("validation", index=frame.index)
    names[rank <= round(0.7 * rows)] = "train"
    names[rank > rows - round(0.1 * rows)] = "test"
    return pd.DataFrame({"split_key": key, "set": names})


def learn(training: pd.DataFrame) -> dict[str, Any]:
    """Return what is learnt, as the feature model's file has it."""
    return {
        "age_median": training["age"].median(),
        "salary_median": training["salary"].median(),
        "salary_bounds": training["salary"].quantile([1 / 3, 2 / 3]).round(2).tolist(),
        "reference_date": _latest(training["hire_date"]),
        "departments": [*sorted(set(training["department"]) - {"", "unknown"}), "unknown"],
    }


def clean(frame: pd.DataFrame, learnt: Mapping[str, Any]) -> pd.DataFrame:
    """Return *frame* with nothing missing and with the derived columns."""
    salary = frame["salary"].fillna(learnt["salary_median"])
    age = frame["age"].fillna(learnt["age_median"])
    days = (-(frame["hire_date"] - pd.Timestamp(learnt["reference_date"])).dt.days).clip(lower=0)
    edges = [float("-inf"), *learnt["salary_bounds"], float("inf")]
    age_edges = [float("-inf"), 30, 40, 50, float("inf")]
    return pd.DataFrame(
        {
            "employee_id": frame["employee_id"],
            "age": age,
            "age_missing": frame["age"].isna().astype(int),
            "salary": salary,
            "salary_missing": frame["salary"].isna().astype(int),
            "department": frame["department"].replace("", "unknown"),
            "hire_date": frame["hire_date"],
            "tenure_years": (days / 365.25).round(4),
            "address_length": frame["address_length"],
            "salary_category": pd.cut(salary, edges, right=False, labels=DUMMIES["salary_category"]),
            "age_group": pd.cut(age, age_edges, right=False, labels=DUMMIES["age_group"]),
            "bonus": frame["bonus"],
        }
    )


def transform(cleaned: pd.DataFrame, departments: Sequence[str], without: Sequence[str] = ()) -> pd.DataFrame:
    """Return the features of cleaned rows, but for those that are made from the raw columns *without*."""
    columns = [
        *NUMBERS,
        *(f"{name}_{value}" for name, values in DUMMIES.items() for value in values),
        *(f"department_{value}" for value in departments),
    ]
    department = cleaned["department"].where(cleaned["department"].isin(departments), "unknown")
    dummies = pd.get_dummies(cleaned[[*DUMMIES]].assign(department=department), dtype=int)
    features = pd.concat([cleaned[NUMBERS], dummies], axis=1).reindex(columns=columns, fill_value=0)
    left_out = tuple(BEGINNINGS[name] for name in without)
    return features[[name for name in columns if not name.startswith(left_out)]]


def run(path: Path, out: Path, seed: str, without: Sequence[str] = ()) -> None:
    """Do the work of both jobs on one file and write what they write to the folder *out*."""
    frame = read(path)
    sets = split(frame, seed).sort_values("split_key")
    frame = frame.loc[sets.index]
    learnt = learn(frame[sets["set"] == "train"])
    cleaned = clean(frame, learnt)
    numbers = pd.concat([cleaned["bonus"], transform(cleaned, learnt["departments"], without)], axis=1)
    cleaned["split_key"] = sets["split_key"]
    out.mkdir(parents=True, exist_ok=True)
    cleaned.to_csv(out / "cleaned_data.csv", index=False)
    numbers.assign(split_key=sets["split_key"]).to_csv(out / "transformed_data.csv", index=False)
    for name in ("train", "validation", "test"):
        numbers[sets["set"] == name].to_csv(out / f"{name}.csv", index=False, header=False)
    cleaned[sets["set"] == "test"].to_csv(out / "readable_test.csv", index=False)


def _latest(dates: "pd.Series[Any]") -> Any:
    """Return the last of *dates* within the upper fence, or before the last hundredth."""
    ordered = dates.sort_values(ignore_index=True)
    first, third = (ordered[math.ceil(share * len(ordered)) - 1] for share in (0.25, 0.75))
    usual = ordered[min(math.ceil(0.99 * len(ordered)), len(ordered) - 1) - 1]
    return ordered[ordered <= max(third + 1.5 * (third - first), usual)].iloc[-1]


def _dates(texts: "pd.Series[str]") -> "pd.Series[Any]":
    """Return dates of any year, which nanoseconds could not hold."""
    dates = texts.where(texts.str.match(r"\d{4}-"), "NaT").to_numpy(dtype="datetime64[s]")
    return pd.Series(dates, index=texts.index)


def _digest(row: "pd.Series[Any]") -> bytes:
    values = [None if pd.isna(value) else value for value in row]
    typed = (value.date() if isinstance(value, pd.Timestamp) else value for value in values)
    return hashlib.blake2b(repr(tuple(typed)).encode(), digest_size=8).digest()


def _parse(text: str) -> Any:
    if not text:
        return {}
    try:
        profile = json.loads(text)
    except ValueError:
        return None
    return profile if isinstance(profile, dict) else None


def _split_key(text: str, seed: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=seed.encode()).digest(), "big")


def main(argv: Sequence[str]) -> int:
    """Run on the file, output folder and seed of the command line."""
    path, out, seed = argv
    run(Path(path), Path(out), seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
