"""What a person reads of a window of traffic: verdict, decision, each column, new labels, and how it went before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from execution_report import describe_monitoring
from execution_report.page import render
from execution_report.sections.history import history, labels
from execution_report.sections.monitoring import monitoring_figures, verdict_sentence, window
from execution_report.sections.watched_columns import watched_columns
from execution_report.sources import read_folder
from tests.execution_report.examples import SCORED, Folder, facts_of, scoring
from tests.execution_report.reader import Page
from tests.execution_report.windows import (
    DRIFTED,
    HELD,
    MESSAGE,
    NOT_JUDGED,
    WATCHED_SCORING,
    first_window,
    monitoring,
    scored_files,
)

MINUS = "\N{MINUS SIGN}"


def page(document: Any, execution: Any = HELD, **more: Any) -> Page:
    return Page(render(facts_of(execution, monitoring=document, **more)))


@pytest.mark.parametrize(
    ("verdict", "decision", "told"),
    [
        ("holds", "none", "The traffic is like the data that the champion was trained on. Nothing follows from it."),
        ("not enough data", "none", "The traffic is not enough data for a verdict. 1,204 distinct records"),
        (
            "drifted",
            "retrain",
            "has drifted from the data that the champion was trained on. The training pipeline starts",
        ),
        ("drifted", "no new data", "was trained on. No training starts: no raw data is newer"),
        ("drifted", "off", "was trained on. No training starts by itself: that is switched off"),
        ("severe", "person", "The traffic has drifted beyond a limit of the data contract. A person decides: training"),
        ("worse", "off", "The champion predicts significantly worse than at its registration. No training starts"),
    ],
)
def test_verdict_is_one_sentence_and_what_follows_another(verdict: str, decision: str, told: str) -> None:
    run = HELD if verdict in ("holds", "not enough data") else DRIFTED
    assert told in page(monitoring(verdict, decision), run).text


def test_execution_that_failed_to_tell_of_drift_is_no_rejected_model() -> None:
    shown = page(monitoring("drifted", "retrain"), DRIFTED).text
    assert "The quality gate" not in shown
    assert f"Message {MESSAGE}" in shown
    assert "The execution is Failed so that people are told; no step is at fault." in shown
    assert "no step is at fault" not in page(monitoring("holds", "none"), HELD).text


def test_drift_whose_document_is_gone_is_told_in_the_words_of_its_step() -> None:
    shown = page(None, DRIFTED).text
    assert f"The monitoring found what a person should know of. There is no verdict. {MESSAGE}" in shown
    assert "There is no monitoring.json: it is no longer where step EmpBonusMonitor wrote it" in shown


def test_monitoring_that_broke_off_has_no_verdict() -> None:
    shown = page(None, NOT_JUDGED).text
    assert "The execution failed in step EmpBonusMonitor. There is no verdict. no traffic" in shown
    assert "There is no monitoring.json: step EmpBonusMonitor failed before it wrote it." in shown


def test_records_are_counted_with_what_could_not_be_read_by_reason() -> None:
    shown = page(monitoring()).text
    assert "The window goes from 23 November 2026, 14:53 UTC to 24 November 2026, 14:53 UTC." in shown
    assert "1,821 rows of data version 7f19a0c2b3d4e5f6 that the champion, version 2 of empbonus" in shown
    assert "Captured 1,482 Distinct 1,204 Rejected 17 Unreadable: not JSON 2 Unreadable: no answer 1" in shown


def test_column_has_each_statistic_with_both_limits_and_a_word_for_the_verdict() -> None:
    shown = page(monitoring("severe", "person"), DRIFTED).text
    assert "age severe number" in shown
    assert "missing share 1.0 % 5.0 % 10.0 % within" in shown
    assert "mean shift, standard deviations 0.827 0.250 0.500 severe" in shown
    assert "mean 49.40 41.30" in shown
    assert "mean shift, standard deviations 0.327 0.250 0.500 moved" in page(monitoring("drifted", "off")).text


def test_statistic_beyond_its_limit_by_chance_is_not_called_within() -> None:
    document = monitoring()
    missing = document["columns"]["age"]["statistics"][0]
    assert missing["rule"] == "maximum_missing_share"
    missing |= {"found": 0.103, "certain": False}
    shown = page(document).text
    assert "age explained by chance number" in shown
    assert "missing share 10.3 % 5.0 % 10.0 % explained by chance" in shown


def test_known_figures_beside_are_not_judged_and_say_which_way_they_go_with_drift() -> None:
    assert (
        "Not judged: population stability index (PSI) 0.683 (rises with drift); Kolmogorov-Smirnov distance (KS)"
        f" 0.331 (rises with drift); its p-value 1.1e{MINUS}05 (falls with drift)."
    ) in page(monitoring("severe", "person"), DRIFTED).text


def test_histogram_of_now_stands_over_that_of_the_baseline_as_shares() -> None:
    age = page(monitoring("severe", "person"), DRIFTED).drawings[0]
    kinds = [each.get("class") for each in age if each.tag.endswith("rect")]
    assert kinds.count("before") == kinds.count("bin") == 15
    assert "most now from 49.00 to 53.25, most then from 40.50 to 44.75" in str(age.get("aria-label"))


def test_histogram_with_other_bins_than_the_baseline_stands_alone() -> None:
    document = monitoring()
    document["columns"]["age"]["baseline"]["histogram"]["bounds"][0] = 14
    assert {each.get("class") for each in page(document).drawings[0] if each.tag.endswith("rect")} == {"bin"}


def test_category_has_the_shares_of_both_with_the_baselines_as_a_mark() -> None:
    shown = page(monitoring())
    assert "Engineering 31.0 % 31.3 %" in shown.text
    assert "unknown 0.6 % 0.0 %" in shown.text
    assert 'aria-label="Engineering: 31.0\N{NO-BREAK SPACE}% now, 31.3\N{NO-BREAK SPACE}% then"' in shown.html


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "412 of 1,187 captured predictions joined, by employee id, with labels that the champion was not"),
        ({}, "1,272 1,188 to 1,359 1,204 std. dev. 59 not significantly worse"),
        ({"worse": True}, "1,204 std. dev. 59 worse"),
        ({"rmse": None, "registered": None}, "that the champion was not trained on. Too few for a verdict."),
    ],
)
def test_new_labels_judge_the_predictions(changed: dict[str, Any], told: str) -> None:
    document = monitoring()
    document["labels"] |= changed
    assert told in page(document).text


def test_history_has_a_chart_of_each_figure_with_both_limits_and_the_same_in_words() -> None:
    shown = page(monitoring("severe", "person"), DRIFTED)
    assert "20 windows, this one included." in shown.text
    assert "5 Nov 2026 24 Nov 2026" in shown.text
    charts = [each for each in shown.drawings if each.get("class") == "line-chart"]
    assert len(charts) == 10
    shift = next(each for each in charts if "age: mean shift" in str(each.get("aria-label")))
    assert "Last 0.827, highest 0.834; 18 windows beyond the watched limit 0.250." in str(shift.get("aria-label"))
    kinds = [each.get("class") for each in shift]
    assert (kinds.count("watched"), kinds.count("limit"), kinds.count("course")) == (1, 1, 19)
    assert kinds.count("warn") == 18
    assert shift.findtext("desc")


def test_figures_that_were_zero_all_the_time_are_named_and_not_drawn() -> None:
    document = monitoring()
    for each in document["history"]:
        each["figures"] |= {"age.maximum_missing_share": 0.0, "salary.maximum_missing_share": 0}
    shown = page(document)
    assert "Zero in every window: age: missing share, salary: missing share." in shown.text
    assert len([each for each in shown.drawings if each.get("class") == "line-chart"]) == 8


def test_first_window_is_listed_and_has_no_course_to_draw() -> None:
    shown = page(monitoring(windows=1))
    assert "1 window, this one included. The latest windows" in shown.text
    assert "Message Not sent: 1,204 distinct records" in shown.text
    assert not [each for each in shown.drawings if each.get("class") == "line-chart"]


def test_windows_are_listed_the_newest_first_and_no_more_than_two_weeks_of_them() -> None:
    shown = page(monitoring("severe", "person", windows=90), DRIFTED)
    assert "24 November 2026, 14:53 UTC 1,204 severe a person decides 23 November 2026" in shown.text
    assert shown.text.count("UTC 1,") + shown.text.count("UTC 9") <= 14 + 2


def test_window_without_a_champion_is_never_said_to_hold() -> None:
    shown = page(first_window()).text
    assert "There is no champion yet, and so no baseline." in shown
    assert "The traffic is not enough data for a verdict. No version of the model is approved." in shown
    assert "Columns moved not judged" in shown
    assert "Nothing was judged: that is no finding that nothing has moved." in shown
    assert "not judged" in shown
    assert "within" not in shown
    assert "No label of a captured record has come yet" in shown


def test_champion_whose_data_nobody_described_is_named_without_a_baseline() -> None:
    shown = page({**monitoring("not enough data"), "baseline": None}).text
    assert "14:53 UTC. The champion, version 2 of empbonuspackagegroup-dev, has no baseline." in shown


def test_scored_data_that_has_drifted_is_told_beside_its_predictions_that_are_there() -> None:
    shown = page(scored_files(), WATCHED_SCORING, scoring=scoring(), scored_rows="s3://bucket/predictions.csv").text
    assert "are in s3://bucket/predictions.csv. The scored data has drifted from the data" in shown
    assert "Nothing was predicted" not in shown
    for absent in ("New labels", "History", "The window"):
        assert absent not in shown


def test_scoring_that_nobody_watches_says_nothing_of_a_verdict() -> None:
    assert "Verdict" not in page(None, SCORED, scoring=scoring()).text


def test_verdict_of_a_local_execution_is_one_line(tmp_path: Path) -> None:
    folder = Folder(tmp_path, DRIFTED).monitoring(monitoring("drifted", "retrain")).write()
    assert describe_monitoring(folder) == MESSAGE
    assert read_folder(folder).monitoring == monitoring("drifted", "retrain")
    assert describe_monitoring(Folder(tmp_path / "other", SCORED).write()) == ""


WRONG = (None, -1e308, "text", [None], {"a": None}, 10**400)


def spoilt(document: Any) -> Iterator[Any]:
    """Give *document* with one member, at any depth, gone or of another type; of a list, the first."""
    for parent, name in list(members(document)):
        right = parent[name]
        for wrong in WRONG:
            parent[name] = wrong
            yield document
        parent[name] = right


def members(document: Any) -> Iterator[tuple[Any, Any]]:
    for name, value in document.items() if isinstance(document, dict) else enumerate(document[:1]):
        yield document, name
        if isinstance(value, dict | list):
            yield from members(value)


def test_no_member_of_another_type_stops_a_section() -> None:
    document = monitoring("severe", windows=2)
    document["columns"] = {name: document["columns"][name] for name in ("age", "department")}
    document["history"] = [
        {**each, "figures": {"age.maximum_mean_shift": 0.1, "rmse": 1.0}} for each in document["history"]
    ]
    document["labels"]["registered"] = {"value": 1.0}
    for each in (document["columns"]["department"], document["columns"]["department"]["baseline"]):
        each["values"] = {"Engineering": 3}
    for each in spoilt(document):
        for section in (window, watched_columns, labels, history, monitoring_figures, verdict_sentence):
            section(each)


def test_names_of_any_length_and_form_are_shown() -> None:
    document = monitoring()
    name = "<script>" + "x" * 5_000 + "\ud800"
    document["columns"] = {name: document["columns"]["age"], "": document["columns"]["department"]}
    document["history"][0]["figures"] = {f"{name}.maximum_mean_shift": 0.1, "": 1.0, ".": 2.0}
    document["moved"] = [{"column": name, "rule": name, "severe": True}]
    shown = page(document)
    assert "<script" not in shown.html
    assert shown.drawings
