"""Windows of captured traffic, each as a `monitoring.json`, and the executions that judged them."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from tests.execution_report.examples import DEPARTMENTS, FIND, PACKAGES, PIPELINE, START, Json, execution, failed, step

FIND_TRAFFIC = step("FindTraffic", "Lambda", 2, 1.1)
MONITOR = step("Monitor", "Processing", 4, 158)
MESSAGE = (
    "drifted: age: mean 44.5, 0.3 standard deviations from the baseline's 41.3, more than 0.25; the training starts"
)
CHECKED = step("DriftCheck", "Condition", 163, 0.3)
TOLD = failed("Drifted", "Fail", 164, 0.1, MESSAGE, Metadata={"Fail": {"ErrorMessage": MESSAGE}})
NAMED: Json = {"PipelineArn": PIPELINE.replace("training", "monitoring")}
HELD = execution("Succeeded", [FIND, FIND_TRAFFIC, MONITOR, CHECKED], took_s=165, **NAMED)
DRIFTED = execution("Failed", [FIND, FIND_TRAFFIC, MONITOR, CHECKED, TOLD], took_s=165, **NAMED)
NOT_JUDGED = execution("Failed", [FIND, FIND_TRAFFIC, failed("Monitor", "Processing", 4, 158, "no traffic")], **NAMED)
WATCHED_SCORING = execution("Failed", [FIND, step("Score", "Processing", 2, 161), MONITOR, CHECKED, TOLD], took_s=330)

BOUNDS = {"age": (15, 100), "salary": (1_000, 500_000), "prediction": (0, 100_000)}
RULES = {
    "age": ("mean_shift", 0.5),
    "salary": ("mean_shift", 0.5),
    "department": ("share_shift", 0.3),
    "prediction": ("mean_shift", 0.5),
}


def monitoring(verdict: str = "holds", decision: str = "none", *, windows: int = 20) -> Json:
    """A `monitoring.json` of a window like any other, or of one in which age has moved, and if severe, far."""
    age = {"drifted": 3.2, "severe": 8.1}.get(verdict, 0.4)
    columns = _columns(age)
    moved = [
        {"column": name, "rule": each["rule"], "severe": each["severe"], "text": f"{name}: {_FOUND.format(**each)}"}
        for name, column in columns.items()
        for each in column["statistics"]
        if each["moved"]
    ]
    told = verdict not in ("holds", "not enough data")
    return {
        "schema_version": 1,
        "source": "capture",
        "window": {"start": (START - timedelta(days=1)).isoformat(), "end": START.isoformat()},
        "champion": f"{PACKAGES}/2",
        "baseline": {"data_version": "7f19a0c2b3d4e5f6", "rows": 1821},  # pragma: allowlist secret
        "records": {
            "captured": 1_482,
            "distinct": 1_204,
            "judged": 1_204,
            "rejected": 17,
            "unreadable": {"not JSON": 2, "no answer": 1},
        },
        "columns": columns,
        "moved": moved,
        "labels": {
            "predicted": 1_187,
            "joined": 412,
            "rmse": {"value": 1_271.8, "low": 1_188.3, "high": 1_359.4},
            "registered": {"value": 1_204.37, "standard_deviation": 59.1},
            "worse": verdict == "worse",
        },
        "verdict": verdict,
        "decision": decision,
        "told": "true" if told else "false",
        "message": MESSAGE if told else "1,204 distinct records: like the data of the champion",
        "history": _history(columns, windows, verdict, decision),
    }


_FOUND = "{rule} {found:.3f}, more than {watched}"


def scored_files() -> Json:
    """A `monitoring.json` of raw files that were scored."""
    document = monitoring("drifted", "off")
    return {**document, "source": "files", "window": {"start": None, "end": None}, "labels": None, "history": []}


def first_window() -> Json:
    """A `monitoring.json` of a time when no model was in production."""
    document = monitoring("not enough data", windows=1)
    document["columns"] = {
        name: {**column, "statistics": [], "baseline": None, "psi": None, "ks": None}
        for name, column in document["columns"].items()
    }
    message = "not enough data: no version of the model is approved"
    return {**document, "champion": "none", "baseline": None, "labels": None, "message": message}


def _columns(older: float) -> dict[str, Json]:
    return {
        "age": _numbers("age", 41.3, 9.8, older),
        "salary": _numbers("salary", 68_912.4, 17_803.9, 1_750.0),
        "department": {
            **_category(DEPARTMENTS, 0.62, 7),
            "statistics": [_statistic("maximum_missing_share", 0.009, 0.1), _judged("department", 0.11)],
            "baseline": _category(DEPARTMENTS, 1.0, 0),
            "psi": 0.062,
            "ks": None,
        },
        "hire_date": {
            **_counts("date"),
            "statistics": [_statistic("maximum_invalid_share", 0.004, 0.02)],
            "baseline": _counts("date"),
            "psi": 0.021,
            "ks": {"distance": 0.031, "p_value": 0.42},
        },
        "profile": {
            **_counts("profile"),
            "statistics": [_statistic("maximum_missing_share", 0.041, 0.1)],
            "baseline": _counts("profile"),
            "psi": None,
            "ks": None,
        },
        "prediction": {
            **_numbers("prediction", 7_214.8, 3_102.6, 320.0),
            "statistics": [_judged("prediction", 320.0 / 3_102.6)],
        },
    }


def _counts(kind: str, **more: Any) -> Json:
    return {"type": kind, "count": 1_187, "missing": 12, "invalid": 5, **more}


def _category(shares: Mapping[str, int], part: float, unknown: int) -> Json:
    return _counts("category", values={name: round(count * part) for name, count in shares.items()}, unknown=unknown)


def _numbers(name: str, mean: float, deviation: float, shift: float) -> Json:
    missing = _statistic("maximum_missing_share", 0.01, 0.1)
    return {
        **_measured(name, mean + shift, deviation, 1_204),
        "statistics": [missing, _judged(name, shift / deviation)],
        "baseline": _measured(name, mean, deviation, 1_821),
        "psi": (shift / deviation) ** 2,
        "ks": {"distance": 0.4 * shift / deviation, "p_value": 10 ** (-6 * shift / deviation)},
    }


def _measured(name: str, mean: float, deviation: float, rows: int) -> Json:
    low, high = BOUNDS[name]
    counts = _bin(mean, deviation, low, high, rows)
    figures = {"mean": mean, "standard_deviation": deviation}
    bounds = [low + (high - low) * index / 20 for index in range(21)]
    return {**_counts("number"), **figures, "histogram": {"bounds": bounds, "counts": list(counts)}}


@cache
def _bin(mean: float, deviation: float, low: float, high: float, rows: int) -> tuple[int, ...]:
    """Draw so many values; return how many of them are in each of 20 bins."""
    draw = random.Random(rows)
    values = [min(max(draw.gauss(mean, deviation), low), high - 1) for _ in range(rows)]
    bins = Counter(int(20 * (value - low) / (high - low)) for value in values)
    return tuple(bins[index] for index in range(20))


def _judged(name: str, found: float) -> Json:
    rule, limit = RULES[name]
    return _statistic(f"maximum_{rule}", found, limit)


def _statistic(rule: str, found: float, limit: float) -> Json:
    watched = limit / 2
    return {
        "rule": rule,
        "found": found,
        "watched": watched,
        "limit": limit,
        "certain": found > watched,
        "moved": found > watched,
        "severe": found > limit,
    }


def _history(columns: Mapping[str, Json], windows: int, verdict: str, decision: str) -> list[Json]:
    draw = random.Random(5)
    now = {f"{name}.{each['rule']}": each["found"] for name, column in columns.items() for each in column["statistics"]}
    earlier = [
        {
            "end": (START - timedelta(days=windows - 1 - index)).isoformat(),
            "verdict": "not enough data" if index == 3 else "holds",
            "decision": "none",
            "newest_raw": None,
            "records": 180 if index == 3 else draw.randint(900, 1_400),
            "figures": {name: found * draw.uniform(0.2, 0.6 + index / windows / 2) for name, found in now.items()}
            | {"rmse": draw.uniform(1_150, 1_290)},
        }
        for index in range(windows - 1)
    ]
    last = {"end": START.isoformat(), "verdict": verdict, "decision": decision, "newest_raw": None, "records": 1_204}
    return [*earlier, {**last, "figures": {**now, "rmse": 1_271.8}}]
