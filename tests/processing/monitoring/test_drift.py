"""A window is measured by the contract's statistics, against shares of its limits, each with its own direction."""

import dataclasses
import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from processing.contract.data_contract import Contract, read_contract
from processing.contract.report import Figures
from processing.monitoring.drift import Drift, Sensitivity, choose_columns, find_drift, find_ks, find_psi, measure
from processing.monitoring.records import SCHEMA, State
from processing.records.format import Format

_OTHERS = {"hire_date": datetime.date(2020, 1, 1), "profile": 20, "prediction": None}
SENSITIVITY = Sensitivity(minimum_records=300, limit_share=0.5, drifted_share=0.1)
WATCHED = choose_columns(read_contract())
RULES = ("maximum_missing_share", "maximum_invalid_share", "maximum_unknown_share")


def records(rows: int = 400, **columns: Any) -> pa.RecordBatch:
    """Return records of equal employees, but for *columns*."""
    usual = {"age": 40.0, "salary": 60_000.0, "department": "Sales", **_OTHERS, **columns}
    columns = {name: values if isinstance(values, list) else [values] * rows for name, values in usual.items()}
    arrays = [
        pa.array(columns.get(field.name, [0 if "state" in field.name else None] * rows), field.type) for field in SCHEMA
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def baseline(**changes: Any) -> Figures:
    """Return the figures of 1,000 rows of training."""
    counts = {"count": 1_000, "missing": 0, "invalid": 0}
    number = {"type": "number", **counts, "standard_deviation": 10.0}
    columns: dict[str, Any] = {
        "age": {**number, "mean": 40.0},
        "salary": {**number, "mean": 60_000.0},
        "department": {"type": "category", **counts, "values": {"Sales": 1_000}, "unknown": 0},
        "hire_date": {"type": "date", **counts},
        "profile": {"type": "profile", **counts},
        "bonus": {**number, "mean": 7_000.0},
    }
    for name, change in changes.items():
        columns[name] = {**columns[name], **change}
    return Figures(data_version="1", rows=1_000, malformed=0, columns=columns)


def drift(window: pa.RecordBatch, before: Figures | None = None, watched: Contract = WATCHED) -> Drift:
    return find_drift(measure(window, watched), before or baseline(), watched, SENSITIVITY)


def states(count: int, state: State, rows: int = 400) -> Any:
    return [state] * count + [State.VALID] * (rows - count)


@pytest.mark.parametrize(
    ("age", "moved", "severe"), [(42.5, False, False), (42.6, True, False), (37.4, True, False), (45.1, True, True)]
)
def test_mean_moves_at_half_the_limit_in_either_direction_and_is_severe_at_the_limit(
    age: float, moved: bool, severe: bool
) -> None:
    found = drift(records(age=age))
    (statistic,) = (
        each for each in found.statistics if each.comparison.column == "age" and each.comparison.rule not in RULES
    )
    assert statistic.comparison.found == pytest.approx(abs(age - 40) / 10)
    assert (statistic.watched, statistic.moved, statistic.severe) == (0.25, moved, severe)
    assert [each.comparison.column for each in found.moved] == ["age"] * moved


@pytest.mark.parametrize(("state", "share"), [(State.MISSING, 0.05), (State.INVALID, 0.01)])
def test_share_of_faults_moves_halfway_from_what_the_baseline_has_to_the_limit(state: State, share: float) -> None:
    fault, rows = state.name.lower(), 8_000
    before = dataclasses.replace(baseline(age={fault: int(100_000 * share)}), rows=100_000)  # half of what is allowed
    watched = share + share / 2
    few, many = int(rows * watched), int(rows * watched) + 1
    assert drift(records(rows, **{"age state": states(few, state, rows)}), before).moved == []
    (moved,) = drift(records(rows, **{"age state": states(many, state, rows)}), before).moved
    assert moved.comparison.rule == f"maximum_{fault}_share"
    assert moved.watched == pytest.approx(watched)


def test_share_beyond_a_limit_that_the_baseline_exceeds_has_moved_as_well() -> None:
    before = baseline(age={"missing": 300})
    (moved,) = drift(records(**{"age state": states(200, State.MISSING)}), before).moved
    assert (moved.watched, moved.severe) == (0.1, True)


def test_what_chance_explains_has_not_moved_however_near_the_limit_is_to_the_baseline() -> None:
    others = dict.fromkeys(("Engineering", "Human Resources", "Marketing", "Operations"), 0)
    before = baseline(age={"missing": 90}, department={"values": {**others, "Sales": 900, "Finance": 100}})
    tight = {"age": {"maximum_mean_shift": 0.1}, "department": {"maximum_share_shift": 0.05}}
    columns = {name: dataclasses.replace(WATCHED.columns[name], **limits) for name, limits in tight.items()}  # type: ignore[arg-type]
    watched = dataclasses.replace(WATCHED, columns={**WATCHED.columns, **columns})

    def judge(missing: int, age: float, finance: int) -> list[tuple[str, bool]]:
        departments = ["Finance"] * finance + ["Sales"] * (400 - finance)
        window = records(age=age, department=departments, **{"age state": states(missing, State.MISSING)})
        return [(each.comparison.rule, each.severe) for each in drift(window, before, watched).moved]

    assert judge(missing=44, age=41.1, finance=64) == []  # each of them is beyond the contract's own limit
    assert judge(missing=80, age=43.0, finance=100) == [
        ("maximum_missing_share", True),
        ("maximum_mean_shift", True),
        ("maximum_share_shift", True),
    ]


def test_values_that_were_not_seen_count_neither_as_valid_nor_as_faults() -> None:
    found = measure(records(**{"age state": states(100, State.UNSEEN)}), WATCHED).columns["age"]
    assert {name: found[name] for name in ("count", "missing", "invalid")} == {
        "count": 300,
        "missing": 0,
        "invalid": 0,
    }


def test_shares_of_a_category_move_by_their_distance_and_unknown_ones_by_their_share() -> None:
    departments = ["Finance"] * 61 + ["Sales"] * 339
    (moved,) = drift(records(department=departments)).moved
    assert moved.comparison.found == pytest.approx(61 / 400)
    change = "most of all Finance, 0.0% then and 15.2% now"
    assert moved.text == f"department: shares 15.2% apart from the baseline's ({change}), more than 15.0%"
    (unknown,) = drift(records(**{"department state": states(11, State.UNKNOWN)})).moved
    assert (unknown.comparison.rule, unknown.comparison.found) == ("maximum_unknown_share", 11 / 400)


def test_predictions_are_compared_with_the_labels_of_training_where_there_are_enough() -> None:
    many, few = [7_009.0] * 150 + [None] * 250, [7_009.0] * 149 + [None] * 251
    (moved,) = drift(records(prediction=many)).moved
    assert (moved.comparison.column, moved.comparison.rule, moved.severe) == ("prediction", "maximum_mean_shift", True)
    assert not any(each.comparison.column == "prediction" for each in drift(records(prediction=few)).statistics)


def test_few_values_among_many_rejected_records_are_not_compared() -> None:
    few, enough = ({"age": 49.0, "age state": states(400 - count, State.UNSEEN)} for count in (149, 150))
    assert drift(records(**few)).moved == []
    assert len(drift(records(**enough)).moved) == 1


def test_duplicates_labels_and_lost_rows_are_not_watched() -> None:
    found = drift(records(rows=300))
    assert {each.comparison.column for each in found.statistics} == {
        "age",
        "salary",
        "department",
        "hire_date",
        "profile",
    }
    assert not any("duplicate" in each.comparison.rule for each in found.statistics)


def test_column_that_exports_lack_or_the_model_does_without_is_not_watched() -> None:
    contract = dataclasses.replace(read_contract(), format=Format(columns={"profile": ""}))
    watched = choose_columns(contract, without=("age",))
    gone: dict[str, Any] = {"age state": states(400, State.MISSING), "profile state": states(400, State.MISSING)}
    assert drift(records(**gone), watched=watched).moved == []
    assert len(drift(records(**gone)).moved) == 2


def test_severe_findings_come_first_and_share_of_columns_is_of_those_watched() -> None:
    found = drift(records(age=43.0, salary=60_009.0))
    assert [(each.comparison.column, each.severe) for each in found.moved] == [("salary", True), ("age", False)]
    assert found.moved_share == 2 / 5


def figures_of(ages: Any) -> dict[str, Any]:
    return dict(measure(records(rows=len(ages), age=list(ages)), WATCHED).columns["age"])


def test_ks_is_that_of_scipy_on_the_same_bins_and_psi_that_of_its_definition() -> None:
    generator = np.random.default_rng(0)
    now, before = (np.clip(generator.normal(mean, 10, 1_000), 15, 100) for mean in (43, 40))
    found, ks = figures_of(now), find_ks(figures_of(now), figures_of(before))
    bounds = np.array(found["histogram"]["bounds"])
    binned = [np.digitize(each, bounds[1:-1]) for each in (now, before)]
    expected = stats.ks_2samp(*binned, method="asymp")
    assert ks
    assert ks["distance"] == pytest.approx(expected.statistic)
    assert ks["p_value"] == pytest.approx(expected.pvalue, rel=0.1)
    shares = [(np.bincount(each, minlength=20) + 0.5) / 1_010 for each in binned]
    psi = sum((now - then) * np.log(now / then) for now, then in zip(*shares, strict=True))
    assert find_psi(found, figures_of(before)) == pytest.approx(psi)


def test_drift_raises_psi_and_distance_and_lowers_the_p_value() -> None:
    generator = np.random.default_rng(0)
    before = figures_of(np.clip(generator.normal(40, 10, 1_000), 15, 100))
    nows = [figures_of(np.clip(generator.normal(40 + shift, 10, 1_000), 15, 100)) for shift in (0, 3, 8)]
    psi, ks = [find_psi(now, before) for now in nows], [find_ks(now, before) for now in nows]
    assert psi == sorted(psi)  # type: ignore[type-var]  # None would fail
    assert [each["distance"] for each in ks if each] == sorted(each["distance"] for each in ks if each)
    assert [each["p_value"] for each in ks if each] == sorted((each["p_value"] for each in ks if each), reverse=True)
    assert find_psi(before, before) == 0
    assert find_ks(before, before) == {"distance": 0, "p_value": 1}


@pytest.mark.parametrize("before", [{}, {"histogram": {"bounds": [0, 1], "counts": [5]}}, {"values": {}, "unknown": 0}])
def test_what_cannot_be_compared_has_neither(before: dict[str, Any]) -> None:
    now = figures_of([40.0] * 9)
    assert (find_psi(now, before), find_ks(now, before)) == (None, None)
