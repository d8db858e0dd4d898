"""Group errors and their differences are those of scipy and statsmodels; a planted bias is found, chance seldom."""

import itertools
import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from processing.evaluation.fairness import MOST_GROUPS, adjust, compare_groups
from processing.evaluation.model import Numbers

GROUPS = {
    "age_group": ("under_30", "30_to_39", "40_to_49", "50_and_over"),
    "department": ("Engineering", "HR", "Marketing", "Operations", "Sales"),
}


def draw(rows: int, seed: int) -> tuple[dict[str, pa.DictionaryArray], dict[str, Any], Numbers]:
    """Return groups of employees, the same as names, and errors that vary more the older somebody is."""
    generator = np.random.default_rng(seed)
    codes = {name: generator.integers(len(levels), size=rows) for name, levels in GROUPS.items()}
    groups = {
        name: pa.DictionaryArray.from_arrays(pa.array(codes[name], pa.int32()), list(levels))
        for name, levels in GROUPS.items()
    }
    names = {name: np.array(levels)[codes[name]] for name, levels in GROUPS.items()}
    return groups, names, generator.normal(0, 900 + 200 * codes["age_group"])


def pairs_of(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(column, pair) for column, each in found["columns"].items() for pair in each["pairs"]]


def test_differences_are_those_of_welchs_t_test_in_scipy() -> None:
    groups, names, errors = draw(700, seed=1)
    pairs = pairs_of(compare_groups(groups, errors))
    assert [(column, *pair["groups"]) for column, pair in pairs] == [
        (column, *pair) for column, levels in GROUPS.items() for pair in itertools.combinations(levels, 2)
    ]
    for column, pair in pairs:
        one, other = (errors[names[column] == name] for name in pair["groups"])
        test = stats.ttest_ind(one, other, equal_var=False)
        low, high = test.confidence_interval(0.95)
        assert pair["difference"] == pytest.approx({"value": one.mean() - other.mean(), "low": low, "high": high})
        assert pair["p_value"] == pytest.approx(test.pvalue, rel=1e-9)


def test_groups_are_described_with_the_t_interval_of_scipy() -> None:
    groups, names, errors = draw(700, seed=2)
    for column, each in compare_groups(groups, errors)["columns"].items():
        assert list(each["groups"]) == list(GROUPS[column])
        for name, group in each["groups"].items():
            chosen = errors[names[column] == name]
            low, high = stats.ttest_1samp(chosen, 0).confidence_interval(0.95)
            assert group["rows"] == len(chosen)
            assert group["mean_error"] == pytest.approx({"value": chosen.mean(), "low": low, "high": high})
            assert group["rmse"] == pytest.approx(math.sqrt(np.mean(chosen**2)))


def test_figures_are_those_of_statsmodels() -> None:
    weightstats = pytest.importorskip("statsmodels.stats.weightstats", reason="the image has no statsmodels")
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    groups, names, errors = draw(700, seed=3)
    errors[names["age_group"] == "under_30"] += 400
    found = compare_groups(groups, errors)
    pairs = pairs_of(found)
    for column, pair in pairs:
        one, other = (errors[names[column] == name] for name in pair["groups"])
        compared = weightstats.CompareMeans.from_data(one, other)
        low, high = compared.tconfint_diff(alpha=0.05, usevar="unequal")
        assert (pair["difference"]["low"], pair["difference"]["high"]) == pytest.approx((low, high))
        assert pair["p_value"] == pytest.approx(compared.ttest_ind(usevar="unequal")[1], rel=1e-9)
        described = weightstats.DescrStatsW(one).tconfint_mean()
        interval = found["columns"][column]["groups"][pair["groups"][0]]["mean_error"]
        assert (interval["low"], interval["high"]) == pytest.approx(described)
    significant, adjusted, _, _ = multitest.multipletests([pair["p_value"] for _, pair in pairs], 0.025, method="holm")
    assert [pair["adjusted_p_value"] for _, pair in pairs] == pytest.approx(adjusted.tolist(), rel=1e-9)
    assert [pair["significant"] for _, pair in pairs] == significant.tolist()
    assert 0 < sum(significant) < len(pairs)


def test_adjusted_p_values_are_those_of_holms_example() -> None:
    assert adjust(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert adjust(np.array([0.5, 0.9])).tolist() == [1.0, 1.0]


def test_largest_significant_difference_names_the_group_with_the_higher_mean_error_first() -> None:
    groups, names, errors = draw(2_000, seed=4)
    errors[names["department"] == "Sales"] += 500
    errors[names["age_group"] == "30_to_39"] -= 900
    found = compare_groups(groups, errors)
    value, column, (one, other) = found["largest_difference"].values()
    assert (column, other) == ("age_group", "30_to_39")
    assert value == pytest.approx(
        errors[names["age_group"] == one].mean() - errors[names["age_group"] == other].mean(), rel=1e-9
    )
    assert value == max(abs(pair["difference"]["value"]) for _, pair in pairs_of(found) if pair["significant"])


SEEDS = 200


def test_planted_bias_of_500_is_found_and_its_group_named() -> None:
    for seed in range(SEEDS):
        groups, names, errors = draw(2_000, seed)
        errors[names["age_group"] == "50_and_over"] -= 500
        assert compare_groups(groups, errors)["largest_difference"]["groups"][1] == "50_and_over"


def test_model_trained_on_data_without_bias_shows_a_difference_in_at_most_one_draw_of_twenty() -> None:
    found = 0
    for seed in range(SEEDS):
        groups, _, labels = draw(2_400, seed)
        dummies = np.hstack([np.eye(len(each.dictionary))[each.indices.to_numpy()] for each in groups.values()])
        # Seven of eight rows train, as a split has it: what they chance to show of a group is in the test errors.
        train, test = dummies[300:], dummies[:300]
        weights = np.linalg.lstsq(train.T @ train, train.T @ labels[300:], rcond=1e-10)[0]
        tested = {column: each.slice(0, 300) for column, each in groups.items()}
        found += compare_groups(tested, labels[:300] - test @ weights)["largest_difference"]["value"] > 0
    assert found <= SEEDS / 20


def test_errors_that_do_not_vary_give_finite_figures() -> None:
    groups, names, _ = draw(300, seed=5)
    same = compare_groups(groups, np.full(300, 7.5))
    assert {(pair["difference"]["value"], pair["p_value"]) for _, pair in pairs_of(same)} == {(0.0, 1.0)}
    assert same["largest_difference"] == {"value": 0.0, "column": "none", "groups": []}
    apart = compare_groups(groups, np.where(names["department"] == "HR", 1e-200, 0.0))
    assert apart["largest_difference"]["value"] == pytest.approx(1e-200, rel=1e-9, abs=0)
    assert {pair["p_value"] for _, pair in pairs_of(apart) if "HR" in pair["groups"]} == {0.0}


def test_difference_at_the_rounding_of_the_labels_is_never_significant() -> None:
    groups, names, noise = draw(300, seed=6)
    predicted = 5_000 + np.where(names["department"] == "HR", 2e-12, 0.0) + noise * 1e-16
    found = compare_groups(groups, 5_000 - predicted, magnitude=5_000)
    assert found["largest_difference"] == {"value": 0.0, "column": "none", "groups": []}
    assert {pair["p_value"] for _, pair in pairs_of(found)} == {1.0}
    cents = compare_groups(groups, np.where(names["department"] == "HR", 0.01, 0.0), magnitude=5_000)
    assert cents["largest_difference"]["value"] == pytest.approx(0.01)


def test_groups_of_a_few_people_are_taken_together_as_in_slices() -> None:
    names = ["large"] * 20 + ["small"] * 9 + ["tiny"] * 3 + ["other"] * 20
    found = compare_groups({"department": pa.array(names).dictionary_encode()}, np.arange(52.0))
    groups = found["columns"]["department"]["groups"]
    assert {name: each["rows"] for name, each in groups.items()} == {
        "(fewer than 10 rows)": 12,
        "large": 20,
        "other": 20,
    }


def test_one_group_or_none_is_compared_with_nothing() -> None:
    alone = pa.array(["large"] * 20).dictionary_encode()
    few = pa.array(["a", "b"] * 4).dictionary_encode()
    found = compare_groups({"age_group": alone}, np.arange(20.0))
    assert found["columns"]["age_group"]["pairs"] == []
    assert compare_groups({"age_group": few}, np.arange(8.0))["columns"] == {"age_group": {"groups": {}, "pairs": []}}


def test_of_many_groups_the_largest_are_compared() -> None:
    names = [f"{number:02}" for number in range(MOST_GROUPS + 5) for _ in range(10 + number)]
    found = compare_groups({"department": pa.array(names).dictionary_encode()}, np.arange(float(len(names))))
    groups, pairs = found["columns"]["department"].values()
    assert len(groups) == MOST_GROUPS + 5
    assert {name for pair in pairs for name in pair["groups"]} == {f"{number:02}" for number in range(5, 25)}
    assert len(pairs) == MOST_GROUPS * (MOST_GROUPS - 1) / 2
