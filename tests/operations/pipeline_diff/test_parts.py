"""The parts that the diff is put together from."""

import copy
import dataclasses
from pathlib import Path
from typing import Any

import pytest

from operations.pipeline_diff.change import Area, Change, Diff, Severity
from operations.pipeline_diff.compare.differences import find_differences
from operations.pipeline_diff.compare.matching import match_names
from operations.pipeline_diff.diff import DATABASE, compare_sides
from operations.pipeline_diff.judge.globs import intersect
from operations.pipeline_diff.judge.replacement import Update, UpdateBehaviours
from operations.pipeline_diff.judge.severities import judge_changes
from operations.pipeline_diff.read import Side, UnreadableSideError
from operations.pipeline_diff.read.files import side_of_definition, side_of_templates


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, ["a"]),
        ({"a": None}, {}, ["a"]),
        ({"EnumValues": ["x", "y"]}, {"EnumValues": ["y", "x"]}, []),
        (
            {"ContainerArguments": ["x", "y"]},
            {"ContainerArguments": ["y", "x"]},
            ["ContainerArguments[0]", "ContainerArguments[1]"],
        ),
        (
            {"ContainerArguments": ["--in", "/a", "--seed", "x", "--limit", "A", "1", "--limit", "B", "2"]},
            {"ContainerArguments": ["--in", "/a", "--seed", "y", "--limit", "A", "1", "--without", "age"]},
            [f"ContainerArguments.--{each}" for each in ("limit[2]", "limit[3]", "seed[0]", "without")],
        ),
        (
            {"ContainerArguments": ["--a", "1", "--b", "2"]},
            {"ContainerArguments": ["--b", "2", "--a", "1"]},
            [f"ContainerArguments[{index}]" for index in (0, 1, 2, 3)],
        ),
        ({"Tags": [{"Key": "a", "Value": 1}]}, {"Tags": [{"Key": "a", "Value": 2}]}, ["Tags[a].Value"]),
        ({"x": {"Get": "Parameters.A"}}, {"x": {"Get": "Parameters.B"}}, ["x"]),
    ],
)
def test_differences_are_found_where_the_meaning_differs(before: Any, after: Any, where: list[str]) -> None:
    assert sorted(each.where for each in find_differences(before, after)) == where


@pytest.mark.parametrize(
    ("one", "other", "met"),
    [
        ("data/*", "data/raw", "data/raw"),
        ("data/raw*", "*/x", "data/raw/x"),
        ("a?c", "ab*", "abc"),
        ("*a", "*b", None),
        ("raw/*", "models/*", None),
        ("*", "", ""),
    ],
)
def test_patterns_meet_in_a_text_that_both_match(one: str, other: str, met: str | None) -> None:
    assert intersect(one, other) == met
    assert intersect(other, one) == met


def test_stacks_of_another_name_are_matched_by_what_they_hold() -> None:
    held = frozenset({"Bucket", "Key", "Topic"})
    assert match_names({"dev": held}, {"prod": held - {"Topic"}, "other": frozenset({"Rule"})}) == [
        ("dev", "prod"),
        (None, "other"),
    ]


@pytest.mark.parametrize(
    ("kind", "name", "update"),
    [
        ("AWS::SageMaker::ModelPackageGroup", "ModelPackageGroupDescription", Update.REPLACED),
        ("AWS::SNS::Topic", "DisplayName", Update.IN_PLACE),
        ("AWS::S3::Bucket", "BucketName", Update.REPLACED),
        ("AWS::Made::Up", "Name", Update.UNKNOWN),
    ],
)
def test_update_behaviour_is_what_the_cdk_cli_knows(kind: str, name: str, update: Update) -> None:
    assert UpdateBehaviours(DATABASE).find(kind, name) is update


def test_update_behaviour_is_unknown_without_the_cli(tmp_path: Path) -> None:
    before, after = (
        side_of_templates(
            "x", {"s": {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}}}}
        )
        for name in ("a", "b")
    )
    (change,) = compare_sides(before, after, database=tmp_path / "none").changes
    assert change.what == "updated or replaced: BucketName"
    assert change.why == "Whether AWS::S3::Bucket is replaced then is not known here."


def test_unknown_price_is_said_as_unknown(diffs: dict[str, Diff]) -> None:
    (pipeline,) = diffs["unpriced_instance_type"].pipelines
    assert pipeline.run_after is not None
    assert pipeline.run_after.unknown == ("ml.p5.48xlarge in eu-west-1",)
    assert diffs["unpriced_instance_type"].month_after is not None
    assert diffs["unpriced_instance_type"].month_after.unknown == ("ml.p5.48xlarge in eu-west-1",)


def test_schedule_that_is_off_starts_nothing(diffs: dict[str, Diff]) -> None:
    off, daily = diffs["schedule_off"], diffs["schedule"]
    assert off.month_before is not None
    assert off.month_after is not None
    assert daily.month_after is not None
    run = off.pipelines[0].run_before
    assert run is not None
    assert off.month_before.usd - off.month_after.usd == pytest.approx(8.7 * run.usd, abs=0.01)
    assert daily.month_after.usd - off.month_after.usd == pytest.approx(30.4 * run.usd, abs=0.01)


def test_code_of_a_function_that_no_pipeline_calls_is_told(tmp_path: Path) -> None:
    keys = [f"{number:064x}.json" for number in (1, 2)]
    paths = [tmp_path / key for key in keys]
    for number, path in enumerate(paths):
        path.write_text(str(number), encoding="utf-8")
    before, after = (
        dataclasses.replace(
            side_of_templates(
                "x",
                {"s": {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Key": key}}}}}},
            ),
            archives={key: path},
        )
        for key, path in zip(keys, paths, strict=True)
    )
    (change,) = compare_sides(before, after).changes
    assert (change.area, change.subject, change.details) == (Area.CODE, "F", ("changed its only file",))


def test_pipeline_of_another_name_takes_nothing_from_the_cache(sides: dict[str, tuple[Side, Side]]) -> None:
    base, _ = sides["no_change"]
    (pipeline,) = base.pipelines
    head = dataclasses.replace(base, pipelines=(dataclasses.replace(pipeline, name="another"),))
    (diff,) = compare_sides(base, head).pipelines
    assert {each.because for each in diff.effects if "always" not in each.because} == {"the pipeline has another name"}


def test_step_that_another_still_reads_may_be_gone() -> None:
    reads = {"Name": "Read", "Type": "Processing", "CacheConfig": {"Enabled": True}}
    steps = [
        {"Name": "Find", "Type": "Lambda", "Arguments": {}},
        {**reads, "Arguments": {"AppSpecification": {"ImageUri": {"Get": "Steps.Find.OutputParameters['image']"}}}},
    ]
    before, after = (side_of_definition("side", {"Steps": each}) for each in (steps, steps[1:]))
    (diff,) = compare_sides(before, after).pipelines
    assert [effect.step for effect in diff.effects] == ["Read"]


def test_value_of_a_placeholder_that_changed_is_told(sides: dict[str, tuple[Side, Side]]) -> None:
    base, _ = sides["no_change"]
    (pipeline,) = base.pipelines
    values = {**pipeline.values, "JobRoleArn": {"Fn::GetAtt": ["OtherRole", "Arn"]}}
    head = dataclasses.replace(base, pipelines=(dataclasses.replace(pipeline, values=values),))
    (change,) = compare_sides(base, head).all_changes
    assert (change.area, change.what, change.after) == (Area.OTHER, "${JobRoleArn}", "${OtherRole.Arn}")


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ({"Resources": []}, "s lacks names and resources at Resources: give a template"),
        ({"Resources": {"A": {"Properties": {}}}}, "s lacks a resource at A: give a template"),
    ],
)
def test_template_of_another_form_is_refused(template: Any, told: str) -> None:
    with pytest.raises(UnreadableSideError, match=told):
        side_of_templates("x", {"s": template})


@pytest.mark.parametrize(
    "definition",
    [
        {"Steps": [{"Type": "Training"}]},
        {"Steps": {"Name": "a"}},
        {"Steps": [{"Name": "a", "Type": "Condition", "Arguments": {"IfSteps": [{"Name": "b"}]}}]},
    ],
)
def test_definition_whose_steps_have_no_names_is_refused(definition: Any) -> None:
    with pytest.raises(
        UnreadableSideError, match=r"x lacks (a list|steps with a Name and a Type) at (Steps|IfSteps): "
    ):
        side_of_definition("x", definition)


def test_policy_that_has_not_the_form_of_one_is_told_as_danger_where_it_changes() -> None:
    def role(statement: Any) -> Any:
        properties = {"Policies": [{"PolicyName": "P", "PolicyDocument": {"Statement": statement}}]}
        return {"s": {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": properties}}}}

    before, after = (side_of_templates("x", role({"Fn::If": ["C", name, ""]})) for name in ("a", "b"))
    assert {(each.what, each.severity) for each in compare_sides(before, after).changes} == {
        ("added", Severity.DANGER),
        ("removed", Severity.NOTE),
    }
    assert compare_sides(before, before).is_empty


def test_version_of_a_policy_is_told(sides: dict[str, tuple[Side, Side]]) -> None:
    base, _ = sides["no_change"]
    storage, pipeline = copy.deepcopy(dict(base.stacks)).items()
    storage[1]["Resources"]["Approvers7B1D24E3"]["Properties"]["PolicyDocument"]["Version"] = "2008-10-17"
    (change,) = compare_sides(base, dataclasses.replace(base, stacks=dict((storage, pipeline)))).changes
    assert (change.subject, change.what) == ("Approvers", "PolicyDocument.Version")


def test_step_that_reads_from_one_that_is_gone_is_compared() -> None:
    read = {"Get": "Steps.Gone.ModelArtifacts.S3ModelArtifacts"}
    arguments = {"ProcessingInputs": [{"InputName": "model", "S3Input": {"S3Uri": read}}]}
    step = {"Name": "A", "Type": "Processing", "Arguments": arguments, "CacheConfig": {"Enabled": True}}
    side = side_of_definition("x", {"Steps": [step]})
    assert compare_sides(side, side).is_empty


def test_new_name_of_a_step_may_have_any_character() -> None:
    def training(name: str) -> dict[str, Any]:
        steps = [{"Name": name, "Type": "Training"}, {"Name": "Last", "Type": "Fail", "DependsOn": [name]}]
        return {"Version": "2020-12-01", "Steps": steps}

    base, head = (side_of_definition(name, training(name)) for name in ("Old", 'N"ew'))
    assert 'N"ew' in {each.after for each in compare_sides(base, head).all_changes}


def test_steps_of_which_too_many_differ_are_told_as_removed_and_added() -> None:
    base, head = (
        side_of_definition(name, {"Steps": [{"Name": f"{name}{n}", "Type": "Training"} for n in range(40)]})
        for name in ("old", "new")
    )
    changes = compare_sides(base, head).all_changes
    assert {each.what for each in changes if each.area is Area.STEP} == {"removed", "added"}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("sagemaker-scikit-learn:1.9-0", "sagemaker-spark-processing:3.5", "The step runs on a Spark cluster now"),
        ("sagemaker-spark-processing:3.5", "sagemaker-scikit-learn:1.9-0", "The step runs on one machine now"),
        ("sagemaker-spark-processing:3.4", "sagemaker-spark-processing:3.5", "The job runs in another container"),
    ],
)
def test_change_of_the_engine_is_told_as_one_and_not_as_another_image(before: str, after: str, words: str) -> None:
    old, new = (f"571004829621.dkr.ecr.eu-west-1.amazonaws.com/{each}" for each in (before, after))
    (judged,) = judge_changes([Change(Area.IMAGE, "EmpBonusDataSplit", "AppSpecification.ImageUri", old, new)], [])
    assert (judged.severity, judged.why.partition(",")[0]) == (Severity.REVIEW, words)
