"""Preprocessing and split the plain pandas way, all in memory: what the streaming jobs are tested and timed against."""

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

DUMMIES = {
    "salary_category": ["low", "medium", "high"],
    "age_group": ["under_30", "30_to_39", "40_to_49", "50_and_over"],
}
NUMBERS = ["age", "salary", "tenure_years", "address_length"]


def read(path: Path) -> pd.DataFrame:
    """Return the usable rows of one raw file, typed; each employee once."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False, on_bad_lines="skip")
    raw = raw[raw["bonus"].notna()]  # a row that is too short has no bonus at all
    profiles = raw["profile"].map(_parse)
    frame = pd.DataFrame(
        {
            "employee_id": raw["employee_id"].str.strip(),
            "age": pd.to_numeric(raw["age"], errors="coerce"),
            "salary": pd.to_numeric(raw["salary"], errors="coerce"),
            "department": raw["department"].str.strip(),
            "hire_date": pd.to_datetime(raw["hire_date"], format="%Y-%m-%d", errors="coerce"),
            "address_length": profiles.map(lambda profile: len((profile or {}).get("address") or "")),
            "bonus": pd.to_numeric(raw["bonus"], errors="coerce"),
        }
    )
    usable = (
        (frame["employee_id"] != "")
        & (frame["age"].notna() | (raw["age"] == ""))
        & (frame["salary"].notna() | (raw["salary"] == ""))
        & ~(frame["age"] < 0)
        & ~(frame["salary"] < 0)
        & frame["hire_date"].notna()
        & profiles.notna()
        & frame["bonus"].notna()
    )
    return frame[usable].drop_duplicates("employee_id").reset_index(drop=True)


def clean(frame: pd.DataFrame, seed: str) -> pd.DataFrame:
    """Return *frame* with nothing missing, the derived columns, and the split key and set of each row."""
    key = frame["employee_id"].map(lambda text: _split_key(text, seed)).astype("uint64")
    place = key.rank(method="first")
    rows = len(frame)
    names = pd.Series("validation", index=frame.index)
    names[place <= round(0.7 * rows)] = "train"
    names[place > rows - round(0.1 * rows)] = "test"
    training = frame[names == "train"]

    salary = frame["salary"].fillna(training["salary"].median())
    age = frame["age"].fillna(training["age"].median())
    bounds = training["salary"].quantile([1 / 3, 2 / 3]).round(2).tolist()
    days = (training["hire_date"].max() - frame["hire_date"]).dt.days.clip(lower=0)
    edges = [float("-inf"), *bounds, float("inf")]
    age_edges = [float("-inf"), 30, 40, 50, float("inf")]
    return pd.DataFrame(
        {
            "employee_id": frame["employee_id"],
            "age": age,
            "age_missing": frame["age"].isna().astype(int),
            "salary": salary,
            "salary_missing": frame["salary"].isna().astype(int),
            "department": frame["department"].where(frame["department"] != "", "unknown"),
            "hire_date": frame["hire_date"],
            "tenure_years": (days / 365.25).round(4),
            "address_length": frame["address_length"],
            "salary_category": pd.cut(salary, edges, right=False, labels=DUMMIES["salary_category"]),
            "age_group": pd.cut(age, age_edges, right=False, labels=DUMMIES["age_group"]),
            "bonus": frame["bonus"],
            "split_key": key,
            "set": names,
        }
    )


def transform(cleaned: pd.DataFrame) -> pd.DataFrame:
    """Return the label, the features and the split key of cleaned rows."""
    known = set(cleaned.loc[cleaned["set"] == "train", "department"])
    departments = [*sorted(known - {"unknown"}), "unknown"]
    columns = [
        *NUMBERS,
        *(f"{name}_{value}" for name, values in DUMMIES.items() for value in values),
        *(f"department_{value}" for value in departments),
    ]
    department = cleaned["department"].where(cleaned["department"].isin(known), "unknown")
    dummies = pd.get_dummies(cleaned[[*DUMMIES]].assign(department=department), dtype=int)
    features = pd.concat([cleaned[NUMBERS], dummies], axis=1).reindex(columns=columns, fill_value=0)
    return pd.concat([cleaned["bonus"], features, cleaned["split_key"]], axis=1)


def run(path: Path, out: Path, seed: str) -> None:
    """Do the work of both jobs on one file and write what they write to the folder *out*."""
    cleaned = clean(read(path), seed)
    transformed = transform(cleaned)
    out.mkdir(parents=True, exist_ok=True)
    cleaned.drop(columns="set").to_csv(out / "cleaned_data.csv", index=False)
    transformed.to_csv(out / "transformed_data.csv", index=False)
    numbers = transformed.drop(columns="split_key")
    for name in ("train", "validation", "test"):
        numbers[cleaned["set"] == name].to_csv(out / f"{name}.csv", index=False, header=False)
    cleaned[cleaned["set"] == "test"].drop(columns="set").to_csv(out / "readable_test.csv", index=False)


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
