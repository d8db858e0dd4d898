"""What a person reads of an execution, and that the page is safe, whole and readable."""

import re
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest

from execution_report.page import render
from execution_report.sections.rejections import rejections_line
from execution_report.sources import Facts, Prediction
from tests.execution_report.examples import (
    CHECK,
    CONTRACT_FAILED,
    EARLIER,
    EVALUATE,
    FIND,
    NOT_SCORED,
    PASSED,
    PREPARE,
    REGISTER,
    REJECTED,
    SCORED,
    TRAIN,
    broken_data_quality,
    card,
    card_parts,
    data_quality,
    evaluation,
    execution,
    facts_of,
    failed,
    first_evaluation,
    gate,
    predictions,
    rejections,
    scoring,
    second_evaluation,
    step,
)
from tests.execution_report.reader import Page
from tests.execution_report.windows import (
    DRIFTED,
    HELD,
    NOT_JUDGED,
    WATCHED_SCORING,
    first_window,
    monitoring,
    scored_files,
)

CSS = (files("execution_report") / "templates" / "page.css").read_text(encoding="utf-8")
MINUS = "\N{MINUS SIGN}"
PREDICTIONS = tuple(Prediction(*pair) for pair in predictions())


def passed(**more: Any) -> Facts:
    known = {"data_quality": data_quality(), "evaluation": evaluation(), "predictions": PREDICTIONS}
    return facts_of(PASSED, **{**known, **more})


RUNS = {
    "passed": passed(),
    "explained": passed(card=card()),
    "rejected": facts_of(REJECTED, data_quality(), evaluation(passed=False, champion=False), PREDICTIONS),
    "contract failed": facts_of(CONTRACT_FAILED, broken_data_quality()),
    "rows rejected": passed(rejections=rejections(), rejected_rows="s3://bucket/rejected/rejected.csv"),
    "nothing left": facts_of(PASSED),
    "scored": facts_of(SCORED, rejections=rejections(), scoring=scoring(), scored_rows="s3://bucket/predictions.csv"),
    "not scored": facts_of(NOT_SCORED),
    "not begun": facts_of({}),
    "traffic holds": facts_of(HELD, monitoring=monitoring()),
    "traffic drifted": facts_of(DRIFTED, monitoring=monitoring("severe", "person")),
    "first window": facts_of(HELD, monitoring=first_window()),
    "traffic not judged": facts_of(NOT_JUDGED),
    "scored data drifted": facts_of(WATCHED_SCORING, scoring=scoring(), monitoring=scored_files()),
}
runs = pytest.mark.parametrize("facts", RUNS.values(), ids=RUNS)


def page(facts: Facts) -> Page:
    return Page(render(facts))


def test_passed_run_says_which_version_it_registered_and_that_it_waits() -> None:
    text = page(passed()).text
    assert "Execution ex635t9yffps 24 November 2026, 14:53 UTC took 15 min 4 s" in text
    assert (
        "The model was registered as version 3 of empbonuspackagegroup-dev and waits for a person's approval." in text
    )
    assert "R² MinimumR2 at least 0.500 0.849 passed" in text
    assert "RMSE MaximumRmse at most 2,500 1,204 passed" in text
    assert "Improvement MinimumImprovement at least 1.0 % 3.8 % passed" in text


def test_scoring_says_how_many_it_predicted_and_shows_nothing_of_a_model() -> None:
    shown = page(RUNS["scored"]).text
    assert "Bonuses of 1,983 of 1,997 records, predicted by version 3 of empbonuspackagegroup-dev, are in" in shown
    assert "Rejected rows" in shown
    for absent in ("Quality gate", "The champion", "Data quality", "evaluation.json"):
        assert absent not in shown


def test_scoring_that_failed_says_why_and_that_nothing_was_predicted() -> None:
    shown = page(RUNS["not scored"]).text
    assert "The execution failed in step EmpBonusScore. Nothing was predicted." in shown
    assert "no version of the model is approved" in shown
    assert "There is no rejections.json: step EmpBonusScore failed before it wrote it." in shown


@pytest.mark.parametrize("kept", [True, False])
def test_evaluation_of_the_first_schema_is_shown_like_todays(kept: bool) -> None:
    today, then = (passed(evaluation=each(passed=kept)) for each in (evaluation, first_evaluation))
    assert page(then).text == page(today).text
    assert "Improvement MinimumImprovement at least 1.0 %" in page(then).text


def test_limit_of_any_figure_is_shown_as_the_evaluation_describes_it() -> None:
    document = evaluation()
    document["gate"]["limits"] |= {
        "MaximumMae": _described("regression_metrics.mae.value", "at_most", "number", 1_800, 939.4, kept=True),
        "MaximumMeanError": _described("residuals.mean_error", "at_most", "share", 0.05, 0.04999, kept=True),
    }
    text = page(passed(evaluation=document)).text
    assert "MAE MaximumMae at most 1,800 939.4 passed" in text
    assert "Mean error MaximumMeanError at most 0.05 0.04999 passed" in text


def _described(figure: str, comparison: str, unit: str, limit: float, found: float, *, kept: bool) -> dict[str, Any]:
    described = {"figure": figure, "comparison": comparison, "unit": unit}
    return {**described, "limit": limit, "found": found, "kept": kept}


def test_metrics_stand_beside_those_of_the_baseline_with_like_decimals() -> None:
    text = page(passed()).text
    assert "RMSE root mean squared error 1,204 59 3,105 61.2 % smaller" in text
    assert "R² share of the variance that the model explains 0.849 0.019 0.000 0.850 higher" in text
    assert "The baseline predicts the mean bonus of the training rows, 7,190, for everyone." in text
    assert "The training job reported test:mse 1,450,507; recomputed from its artefact it is 1,450,507." in text


def test_slices_and_residuals_are_shown_in_figures() -> None:
    text = page(passed()).text
    assert "By department Department Rows RMSE MAE Mean error RMSE compared Engineering 61 988 780 −111" in text  # noqa: RUF001 - the page's minus
    assert "By age group Age group Rows RMSE MAE Mean error RMSE compared under 30 39" in text
    assert "Mean −38, standard deviation 1,204; quantiles:" in text  # noqa: RUF001 - the page's minus
    assert "99 % +2,655" in text


def test_predictions_are_a_dot_each_and_a_sentence() -> None:
    shown = page(passed())
    scatter = next(each for each in shown.drawings if each.findtext("title") == "Predicted against actual bonus")
    assert len([each for each in scatter.iter() if each.tag.endswith("circle")]) == 202
    assert "A dot for each of 202 test rows; on the line, a prediction is exact." in shown.text


def test_sample_of_the_predictions_says_of_how_many_it_is() -> None:
    assert "A dot for each of 202 test rows out of 20,000;" in page(passed(evaluation=evaluation(rows=20_000))).text


def test_champion_is_compared_on_rows_that_it_has_not_seen() -> None:
    text = page(passed()).text
    assert "The model's RMSE is 3.8 % smaller than the champion's." in text
    assert "Compared on 171 test rows that are new to both; the champion was trained on the other 31." in text
    assert "Champion version 2 of empbonuspackagegroup-dev 1,256" in text
    assert "Challenger this model 1,209" in text


def test_groups_are_shown_with_interval_and_those_that_differ_in_words() -> None:
    shown = page(passed())
    assert "By age group Age group Rows Mean error Its interval, and zero RMSE" in shown.text
    assert (
        f"40 to 49 81 +61 {MINUS}203 to +326 1,199 50 and over 40 {MINUS}642 {MINUS}1,018 to {MINUS}266" in shown.text
    )
    assert "1 of 4 pairs of groups differs significantly in mean error" in shown.text
    assert (
        "age group: the mean error of 40 to 49 is 703 above that of 50 and over (interval +259 to +1,147,"
        " adjusted p-value 0.009)"
    ) in shown.text
    assert f'aria-label="50 and over: mean error {MINUS}642, interval {MINUS}1,018 to {MINUS}266"' in shown.html


def test_groups_that_do_not_differ_are_said_not_to_and_what_that_cannot_show() -> None:
    document = evaluation()
    for pair in document["fairness"]["columns"]["age_group"]["pairs"]:
        pair["significant"] = False
    text = page(passed(evaluation=document)).text
    assert "None of 4 pairs of groups differs significantly in its mean error" in text
    assert "It cannot show whether the bonuses that the model learned from were fair" in text


def test_explanations_have_the_most_important_column_first_and_the_effect_of_age() -> None:
    text = page(passed()).text
    assert f"department 1,469 0.532 {MINUS}0.317 salary 1,372 0.658 {MINUS}0.191" in text
    assert "age 35 0.849 0.000 profile" in text, "a change has no more decimals than what it is a change of"
    assert "by if the age alone were not 41." in text
    assert f"35 {MINUS}77.40 45 +15.60" in text


@pytest.mark.parametrize(
    ("worsening", "told"),
    [
        (
            (312.4, 120.2, 540.9, 1),
            "RMSE is 312.4 above what it was at its registration (interval +120.2 to +540.9): a",
        ),
        (
            (-12.0, -90.0, 60.0, 0),
            f"RMSE is 12.00 below what it was at its registration (interval {MINUS}90.00 to +60.00): no",
        ),
    ],
)
def test_champion_that_has_become_worse_is_told_apart(worsening: tuple[float, ...], told: str) -> None:
    document = evaluation()
    document["champion"]["worsening"] = dict(zip(("value", "low", "high", "significant"), worsening, strict=True))
    assert f"On rows that are new to it, the champion's {told}" in page(passed(evaluation=document)).text


def test_worsening_that_is_not_known_is_not_told() -> None:
    document = evaluation()
    document["champion"]["worsening"] = {"value": 0.0, "low": 0.0, "high": 0.0, "significant": 0}
    for each in (document, second_evaluation(), evaluation(champion=False)):
        assert "worsening" not in page(passed(evaluation=each)).text


def test_evaluation_of_the_second_schema_has_no_sections_of_what_it_lacks() -> None:
    text = page(passed(evaluation=second_evaluation())).text
    assert "Fairness" not in text
    assert "Explanations" not in text


def test_model_card_is_shown_with_its_texts_and_its_figures() -> None:
    text = page(passed(card=card())).text
    assert "The version is registered with this card." in text
    assert "Purpose Predicts what bonus is usual. Uses A point of reference. Risk High Caveats Says nothing" in text
    assert "Held-out test rows 202 rows that the model was not trained on. Quality gate passed" in text
    assert "rmse Quality 1,204 standard deviation 59.1" in text
    assert f"22: +51.20, 45: {MINUS}93.10; beside age 35" in text
    assert "No version was registered with this card." in page(facts_of(REJECTED, card=card())).text


def test_card_of_an_execution_without_a_definition_says_that_texts_are_missing() -> None:
    text = page(passed(card=card_parts([]))).text
    assert "with this card. What people say on it is in the definition, not here. Training 70 % of the rows." in text


def test_rejected_rows_are_counted_by_reason_with_where_they_are_listed() -> None:
    text = page(RUNS["rows rejected"]).text
    assert "14 of 1,997 rows (0.7 %) were not used. s3://bucket/rejected/rejected.csv lists them with file, row" in text
    assert "Reason Rows First in bonus: missing 9 2026/a.csv, row 17" in text
    assert "7 columns instead of 8 1 b.csv, row 90" in text
    assert rejections_line(RUNS["rows rejected"]) == (
        "14 of 1,997 rows: bonus: missing (9), age: not a number from 15 to 100 (2), employee_id: duplicate (2), ...;"
        " see s3://bucket/rejected/rejected.csv"
    )


def test_absence_of_rejected_rows_is_stated_on_the_page_only() -> None:
    facts = passed(rejections={"schema_version": 1, "rows": 1997, "rejected": 0, "reasons": []})
    assert "None of 1,997 rows was rejected." in page(facts).text
    assert rejections_line(facts) == rejections_line(passed()) == ""
    assert (
        "There is no rejections.json: it is no longer where step EmpBonusPreProcessing wrote it" in page(passed()).text
    )


@pytest.mark.parametrize(
    ("improvement", "words"),
    [(0.0001, "0.01 % smaller than the champion's"), (-0.2, "20.0 % larger than the"), (0, "that of the champion.")],
)
def test_comparison_with_the_champion_is_exact_in_words(improvement: float, words: str) -> None:
    figures = evaluation()
    figures["champion"]["improvement"]["value"] = improvement
    assert f"The model's RMSE is {words}" in page(passed(evaluation=figures)).text


def test_champion_that_cannot_predict_is_named() -> None:
    figures = evaluation(champion=False)
    figures["champion"]["name"] = "arn/group/2"
    assert "The champion, version 2 of group, cannot predict these rows" in page(passed(evaluation=figures)).text


def test_without_a_champion_the_model_is_compared_with_the_baseline() -> None:
    text = page(passed(evaluation=evaluation(champion=False))).text
    assert "There is no champion yet, so the model is compared with the baseline." in text
    assert "The model's RMSE is 61.2 % smaller than the baseline's." in text
    assert "Baseline predicts the mean for everyone 3,105" in text


def test_rejected_run_says_which_limit_the_model_broke() -> None:
    text = page(RUNS["rejected"]).text
    assert (
        "The quality gate rejected the model. Nothing was registered. r2 0.4117 is less than MinimumR2 0.5000" in text
    )
    assert "R² MinimumR2 at least 0.500 0.412 not passed" in text
    assert "The condition was false." in text


def test_rejection_without_an_evaluation_has_the_reason_of_the_step() -> None:
    assert "Nothing was registered. model not registered: r2 0.4117 is less" in page(facts_of(REJECTED)).text


def test_figure_just_below_its_limit_is_not_rounded_to_it() -> None:
    close = evaluation(passed=False)
    close["gate"]["limits"]["MinimumR2"]["found"] = 0.49996
    assert "at least 0.5 0.49996 not passed" in page(passed(evaluation=close)).text


def test_broken_data_is_shown_first_with_every_violation() -> None:
    text = page(RUNS["contract failed"]).text
    assert "The execution failed in step EmpBonusDataQuality. Nothing was registered. AlgorithmError: [data" in text
    assert "salary: 312 of 1,994 values missing (15.6%), more than 10.0% maximum missing share of salary" in text
    assert "of salary 312 15.6 % 10.0 %" in text
    assert "maximum mean shift of age 1,935 0.613 0.500" in text
    assert "There is no evaluation.json: step EmpBonusEvaluation did not run." in text
    assert text.index("maximum mean shift of age") < text.index("There is no evaluation.json")


def test_violation_of_all_rows_names_no_column() -> None:
    few = broken_data_quality()
    few["violations"] = [{"rule": "minimum_rows", "column": None, "count": 9, "limit": 100, "found": 9, "text": "few"}]
    assert "few minimum rows 9 9 100" in page(facts_of(CONTRACT_FAILED, few)).text


def test_each_column_is_shown_with_whatever_is_known_of_it() -> None:
    known = data_quality()
    known["columns"]["age"]["baseline"] = {"mean": 40.25}
    text = page(passed(data_quality=known)).text
    assert "1,994 rows read, and 3 records with more or fewer columns than the header." in text
    assert "Compared with the baseline, 1,821 rows of data version 7f19a0c2b3d4e5f6." in text
    assert "employee_id identifier 1,994 0 0 distinct 1,992 duplicate 2" in text
    assert "mean 41.30 std. dev. 9.80 min. 20.00 max. 67.00 baseline mean 40.25" in text
    assert "Engineering 612 31.3 %" in text


def test_malformed_records_of_a_report_of_schema_version_1_are_shown() -> None:
    old = data_quality()
    old["schema_version"], old["misshapen"] = 1, old.pop("malformed_records")
    assert "and 3 records with more or fewer columns than the header." in page(passed(data_quality=old)).text


def test_many_values_of_a_category_are_summed_up() -> None:
    many = {"columns": {"town": {"type": "category", "values": {f"T{index}": 20 - index for index in range(15)}}}}
    text = page(passed(data_quality=many)).text
    assert "T11" in text
    assert "T12" not in text
    assert "3 others 21" in text


def test_data_without_a_baseline_says_so() -> None:
    first = {**data_quality(), "baseline": None}
    assert (
        "There was no baseline, the data of the model in production, to compare with."
        in page(passed(data_quality=first)).text
    )


def test_absent_files_are_distinguished_from_steps_that_did_not_run() -> None:
    text = page(facts_of(PASSED)).text
    assert "There is no data_quality.json: it is no longer where step EmpBonusDataQuality wrote it" in text
    assert "There is no evaluation.json: it is no longer where step EmpBonusEvaluation wrote it" in text


@pytest.mark.parametrize(
    ("status", "words"),
    [("Failed", "failed before it wrote it"), ("Stopped", "was stopped"), ("Executing", "has not ended")],
)
def test_absent_file_is_explained_by_the_state_of_its_step(status: str, words: str) -> None:
    stopped = execution(status, [FIND, CHECK, {**EVALUATE, "StepStatus": status}])
    assert f"There is no evaluation.json: step EmpBonusEvaluation {words}." in page(facts_of(stopped)).text


def test_predictions_alone_may_be_absent() -> None:
    text = page(passed(predictions=None)).text
    assert "There is no predictions.csv:" in text
    assert "99 % +2,655" in text, "the quantiles are in another file"


def test_unreadable_file_is_named_with_the_reason() -> None:
    text = page(passed(evaluation=None, unreadable={"evaluation.json": "not a JSON object"})).text
    assert "evaluation.json cannot be read: not a JSON object." in text


def test_cached_run_names_the_execution_that_it_reused() -> None:
    cached = {"CacheHitResult": {"SourcePipelineExecutionArn": EARLIER}}
    steps = [FIND, *({**each, **cached} for each in (CHECK, *PREPARE, TRAIN, EVALUATE)), gate("True"), REGISTER]
    shown = page(facts_of(execution("Succeeded", steps)))
    assert "5 of 8 steps reused the result of an earlier execution." in shown.text
    assert "EmpBonusTraining Training Succeeded cached Reused from execution wc6p7hp4bve1." in shown.text
    assert shown.attributes("class").count("cached") == 5


def test_steps_that_ran_on_spark_say_so() -> None:
    spark = {"ImageUri": "571004829621.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-spark-processing:3.5-cpu-py312-v1.3"}
    learn = {"ImageUri": "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.9-0-cpu-py3"}
    steps = [FIND, {**CHECK, **spark}, *({**each, **spark} for each in PREPARE), TRAIN, {**EVALUATE, **learn}]
    shown = page(facts_of(execution("Executing", steps)))
    assert "EmpBonusDataQuality Processing Succeeded 2 min 51 s On Spark." in shown.text
    assert shown.text.count("On Spark.") == 3


def test_tuning_step_is_shown_like_any_step() -> None:
    steps = [FIND, CHECK, *PREPARE, step("Tuning", "Tuning", 542, 1_187), EVALUATE]
    assert "EmpBonusTuning Tuning Succeeded 19 min 47 s" in page(facts_of(execution("Succeeded", steps))).text


def test_steps_are_drawn_on_one_time_axis() -> None:
    html = render(passed())
    assert 'aria-label="from 9 min 2 s to 12 min 9 s"' in html
    assert 'x="59.96%" width="20.69%"' in html, "542 s to 729 s of 904 s"


def test_every_step_that_failed_is_named() -> None:
    steps = [failed("Training", "Training", 1, 2, "first"), failed("Other", "Processing", 1, 2, "second")]
    assert (
        "failed in step EmpBonusTraining and EmpBonusOther. Nothing was registered. first; second"
        in page(facts_of(execution("Failed", steps))).text
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (execution("Executing", [FIND]), "The execution has not ended; this page shows how it stood."),
        (execution("Stopped", [FIND]), "The execution was stopped. Nothing was registered."),
        (execution("Succeeded", [FIND]), "The execution succeeded. Nothing was registered."),
        (execution("Failed", [FIND], FailureReason="no rights"), "The execution failed. Nothing was registered. no"),
        (execution("Failed", [REGISTER]), "The execution failed. The model was registered as version 3"),
    ],
    ids=["executing", "stopped", "nothing registered", "no step failed", "failed after registering"],
)
def test_outcome_is_one_sentence(document: dict[str, Any], sentence: str) -> None:
    assert sentence in page(facts_of(document)).text


@pytest.mark.parametrize(("status", "words"), [("Approved", "is approved"), ("Rejected", "is marked as rejected")])
def test_approval_is_that_of_the_parameter(status: str, words: str) -> None:
    approved = {**PASSED, "PipelineParameters": [{"Name": "ModelApprovalStatus", "Value": status}]}
    assert f"version 3 of empbonuspackagegroup-dev and {words}." in page(facts_of(approved)).text


def test_parameters_are_listed() -> None:
    assert "MaximumRmse 2500.0" in page(passed()).text


@runs
def test_nothing_is_loaded_and_nothing_runs(facts: Facts) -> None:
    shown = page(facts)
    assert not shown.tags("script", "img", "link", "iframe", "object", "embed", "form", "image", "use", "foreignobject")
    assert not re.search(r"url\(|@import|https?://|javascript:", shown.html)
    names = {name for _, attributes in shown.elements for name in attributes}
    assert not {"src", "srcset", "xlink:href", "style"} & names
    assert not [name for name in names if name.startswith("on")]
    assert all(target.startswith("#") for target in shown.attributes("href"))


@runs
def test_drawings_are_well_formed_and_say_what_they_show(facts: Facts) -> None:
    for drawing in page(facts).drawings:
        assert drawing.get("role") == "img"
        assert drawing.findtext("title")


@runs
def test_structure_is_readable_for_assistive_technology(facts: Facts) -> None:
    shown = page(facts)
    ids = shown.attributes("id")
    assert len(ids) == len(set(ids))
    targets = [target.removeprefix("#") for target in shown.attributes("href")]
    labels = [name for value in shown.attributes("aria-labelledby") for name in value.split()]
    assert {*targets, *labels} <= set(ids)
    assert all("scope" in attributes for tag, attributes in shown.elements if tag == "th")
    levels = [int(tag[1]) for tag in shown.tags("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def poisoned(document: Any) -> Any:
    """Every name and text of *document* with what a page must escape; but for what decides how it is shown."""
    poison = "<script>alert('1')</script>&\"\x00"
    kept = ("StepName", "StepType", "StepStatus", "PipelineExecutionStatus", "Outcome")
    match document:
        case dict():
            return {name: value if name in kept else poisoned(value) for name, value in document.items()}
        case list():
            return [poisoned(each) for each in document]
        case str():
            return f"{document}{poison}"
        case _:
            return document


def test_texts_of_files_are_escaped() -> None:
    quality, figures = poisoned(broken_data_quality()), poisoned(evaluation(passed=False))
    quality["columns"] = {f"<script>{name}": column for name, column in quality["columns"].items()}
    quality["columns"]["<script>town"] = {"type": "category", "values": {"<script>": 3, "\ud800": 1}}
    figures["slices"]["<script>"] = {"</svg><script>": {"rows": 1, "rmse": 2.0}}
    figures["gate"]["limits"]["<script>"] = 1
    figures["regression_metrics"]["<script>"] = {"value": 1.0}
    reason = failed("Rejected", "Fail", 1, 2, "<script>alert(1)</script>")
    run = poisoned({**REJECTED, "PipelineExecutionSteps": [*REJECTED["PipelineExecutionSteps"], reason]})
    shown = page(facts_of(run, quality, figures, PREDICTIONS, {"<": "<"}))
    assert "<script" not in shown.html
    assert "<script>alert(1)</script>" in shown.text
    assert len(shown.drawings) > 10, "they can all be read"


@pytest.mark.parametrize("wrong", [None, 3, "text", [], {}, [None], {"a": None}, {"value": "NaN"}, 1e308], ids=str)
def test_document_of_another_shape_never_stops_the_page(wrong: Any) -> None:
    for name in evaluation():
        page(passed(evaluation={**evaluation(), name: wrong}, predictions=PREDICTIONS[:2]))
    for name in card():
        page(passed(evaluation=None, predictions=None, card={**card(), name: wrong}))
    judged = monitoring(windows=1)
    judged["columns"] = {name: judged["columns"][name] for name in ("age", "department")}
    for name in judged:
        page(facts_of(HELD, monitoring={**judged, name: wrong}))
    for name in data_quality():
        page(passed(data_quality={**data_quality(), name: wrong}, predictions=PREDICTIONS[:2]))
    for name in PASSED:
        page(facts_of({**PASSED, name: wrong}))


def test_figures_that_are_not_finite_are_left_out() -> None:
    odd = evaluation()
    odd["regression_metrics"]["rmse"] = {"value": float("nan"), "standard_deviation": "NaN"}
    odd["gate"]["limits"]["MaximumRmse"] |= {"found": float("nan"), "kept": False}
    text = page(passed(evaluation=odd)).text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
    assert "at most 2,500 – not judged" in text  # noqa: RUF001 - the page's dash


def colours(scheme: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", scheme))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21; source: WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", re.findall(r":root \{(.*?)\}", CSS, re.DOTALL), ids=["light", "dark", "print"])
def test_text_can_be_read_in_every_colour_scheme(scheme: str) -> None:
    palette = colours(scheme)
    for text in ("ink", "soft", "accent", "good", "bad", "warn"):
        for ground in ("paper", "panel"):
            assert contrast(palette[text], palette[ground]) >= 4.5, f"{text} on {ground}"


def test_page_follows_the_colour_scheme_of_its_reader() -> None:
    assert "@media (prefers-color-scheme: dark)" in render(passed())
    assert "@media print" in render(passed())
