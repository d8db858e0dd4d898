"""Each kind of change is told as what it is; what means nothing is no change."""

import pytest

from operations.pipeline_diff.change import Area, Diff, Severity
from tests.operations.pipeline_diff.pairs import UNCHANGED

TOLD: dict[str, list[tuple[Area, str, str, Severity]]] = {
    "looser_limit": [(Area.LIMIT, "MinimumR2", "default", Severity.REVIEW)],
    "stricter_limit": [(Area.LIMIT, "MaximumRmse", "default", Severity.REVIEW)],
    "hyperparameter": [(Area.HYPERPARAMETER, "EmpBonusTraining", "HyperParameters.learning_rate", Severity.REVIEW)],
    "instance_type": [(Area.INSTANCE, "TrainingInstanceType", "default", Severity.NOTE)],
    "unpriced_instance_type": [
        (Area.INSTANCE, "EmpBonusEvaluation", "ProcessingResources.ClusterConfig.InstanceType", Severity.NOTE)
    ],
    "instance_count": [(Area.INSTANCE, "ProcessingInstanceCount", "default", Severity.NOTE)],
    "larger_volume": [
        (Area.INSTANCE, "EmpBonusDataSplit", "ProcessingResources.ClusterConfig.VolumeSizeInGB", Severity.NOTE)
    ],
    "image": [(Area.IMAGE, "EmpBonusPreProcessing", "AppSpecification.ImageUri", Severity.REVIEW)],
    "parameter_added": [(Area.PARAMETER, "Owner", "added", Severity.REVIEW)],
    "parameter_removed": [(Area.LIMIT, "MinimumImprovement", "removed", Severity.REVIEW)],
    "parameter_without_default": [(Area.PARAMETER, "InputData", "default", Severity.REVIEW)],
    "automatic_approval": [
        (Area.PARAMETER, "ModelApprovalStatus", "default", Severity.REVIEW),
        (Area.PARAMETER, "ModelApprovalStatus", "allowed values", Severity.REVIEW),
    ],
    "step_added": [(Area.STEP, "EmpBonusBalance", "added", Severity.REVIEW)],
    "step_removed": [(Area.STEP, "EmpBonusDataQuality", "removed", Severity.REVIEW)],
    "step_renamed": [(Area.STEP, "EmpBonusDataSplit", "renamed", Severity.REVIEW)],
    "edge_removed": [(Area.EDGE, "EmpBonusPreProcessing", "removed", Severity.REVIEW)],
    "edge_added": [(Area.EDGE, "EmpBonusTraining", "added", Severity.REVIEW)],
    "cache_shortened": [(Area.CACHING, "EmpBonusPreProcessing", "CacheConfig.ExpireAfter", Severity.NOTE)],
    "cache_off": [(Area.CACHING, "EmpBonusTraining", "CacheConfig.Enabled", Severity.NOTE)],
    "fewer_retries": [
        (
            Area.CACHING,
            "EmpBonusTraining",
            "RetryPolicies[Step.THROTTLING, Step.SERVICE_FAULT].MaxAttempts",
            Severity.NOTE,
        )
    ],
    "network_access": [(Area.STEP, "EmpBonusTraining", "EnableNetworkIsolation", Severity.REVIEW)],
    "environment": [(Area.STEP, "EmpBonusEvaluation", "Environment", Severity.NOTE)],
    "gate_condition": [(Area.LIMIT, "EmpBonusQualityGate", "Conditions[2]", Severity.REVIEW)],
    "definition_metadata": [(Area.OTHER, "emp-bonus-training-pipeline", "Metadata.team", Severity.REVIEW)],
    "script": [(Area.CODE, "EmpBonusDataSplit", "1 file", Severity.NOTE)],
    "shared_module": [
        (Area.CODE, f"EmpBonus{name}", "1 file", Severity.NOTE)
        for name in ("DataQuality", "PreProcessing", "DataSplit", "Evaluation")
    ],
    "function_code": [(Area.CODE, "EmpBonusFindChampion", "another archive", Severity.NOTE)],
    "schedule": [(Area.SCHEDULE, "ScheduledStart", "ScheduleExpression", Severity.REVIEW)],
    "schedule_off": [(Area.SCHEDULE, "ScheduledStart", "State", Severity.REVIEW)],
    "new_data_start_on": [(Area.SCHEDULE, "NewDataStart", "State", Severity.REVIEW)],
    "role_may_delete": [(Area.PERMISSION, "JobRole", "broadened", Severity.DANGER)],
    "denial_removed": [(Area.PERMISSION, "DataBucket", "broadened", Severity.DANGER)],
    "anybody_may_publish": [(Area.PERMISSION, "Operations/Notifications/Topic", "broadened", Severity.DANGER)],
    "statement_split": [(Area.PERMISSION, "Approvers", "rewritten", Severity.NOTE)],
    "bucket_unprotected": [
        (Area.RESOURCE, "AccessLogs", "DeletionPolicy", Severity.DANGER),
        (Area.RESOURCE, "AccessLogs", "UpdateReplacePolicy", Severity.DANGER),
    ],
    "group_forgotten": [(Area.RESOURCE, "ModelRegistry", "removed, and kept", Severity.REVIEW)],
    "group_replaced": [
        (Area.RESOURCE, "ModelRegistry", "replaced: ModelPackageGroupDescription", Severity.DANGER),
    ],
    "queue_destroyed": [
        (Area.RESOURCE, "FailedStarts", "destroyed", Severity.DANGER),
        (Area.RESOURCE, "FailedStarts/Policy", "destroyed", Severity.NOTE),
    ],
    "alarm_threshold": [(Area.RESOURCE, "Operations/Alarms/FailedStarts", "Threshold", Severity.NOTE)],
    "output_added": [(Area.OTHER, "emp-bonus-prod-pipeline", "Outputs.Owner", Severity.NOTE)],
    "huge_template": [
        (Area.SIZE, "template of emp-bonus-prod-pipeline", "over its limit", Severity.REVIEW),
        (Area.SIZE, "definition of emp-bonus-training-pipeline", "near its limit", Severity.NOTE),
        (Area.STEP, "EmpBonusEvaluation", "Environment", Severity.NOTE),
    ],
    "definition_alone": [(Area.LIMIT, "MinimumR2", "default", Severity.REVIEW)],
    "definition_with_stacks": [(Area.LIMIT, "MinimumR2", "default", Severity.REVIEW)],
}
"""Pair -> all that is told of it, but for costs; combinations have a test of their own."""


@pytest.mark.parametrize("name", UNCHANGED)
def test_what_means_nothing_is_no_change(diffs: dict[str, Diff], name: str) -> None:
    assert diffs[name].is_empty
    assert diffs[name].severity is None


@pytest.mark.parametrize("name", TOLD)
def test_change_is_told_as_what_it_is_and_nothing_else_is_told(diffs: dict[str, Diff], name: str) -> None:
    told = [(each.area, each.subject, each.what, each.severity) for each in diffs[name].all_changes]
    assert [each for each in told if each[0] is not Area.COST] == TOLD[name]


def test_combined_changes_are_all_told(diffs: dict[str, Diff]) -> None:
    combined = diffs["everything_at_once"]
    parts = ("looser_limit", "step_added", "image", "schedule", "role_may_delete", "group_replaced", "shared_module")
    told = {(each.area, each.subject, each.what) for each in combined.all_changes}
    assert {(area, subject, what) for name in parts for area, subject, what, _ in TOLD[name]} <= told
    assert combined.severity is Severity.DANGER


def test_most_severe_changes_are_told_first(diffs: dict[str, Diff]) -> None:
    severities = [each.severity for each in diffs["everything_at_once"].changes]
    assert severities == sorted(severities, reverse=True)


def test_changed_source_files_are_named(diffs: dict[str, Diff]) -> None:
    (change,) = [each for each in diffs["script"].all_changes if each.area is Area.CODE]
    assert change.details == ("changed processing/jobs/split.py",)


def test_looser_and_stricter_limits_are_told_apart(diffs: dict[str, Diff]) -> None:
    why = {name: diffs[name].all_changes[0].why for name in ("looser_limit", "stricter_limit")}
    assert why == {
        "looser_limit": "The quality gate is looser: more models pass.",
        "stricter_limit": "The quality gate is stricter: fewer models pass.",
    }


def test_graph_marks_steps_that_changed(diffs: dict[str, Diff]) -> None:
    (pipeline,) = diffs["step_added"].pipelines
    assert pipeline.before is not None
    assert pipeline.after is not None
    assert pipeline.before.changed == frozenset()
    assert pipeline.after.changed == {"EmpBonusBalance"}
    assert ("EmpBonusDataSplit", "EmpBonusBalance") in pipeline.after.edges
    assert ("EmpBonusQualityGate", "EmpBonusRejected") in pipeline.after.edges


def test_definition_beside_stacks_says_what_is_not_compared(diffs: dict[str, Diff]) -> None:
    assert diffs["definition_with_stacks"].not_compared == ("stacks: definition.json is a definition, and has none",)
    assert diffs["definition_with_stacks"].month_before is None


EFFECTS = {
    "hyperparameter": {
        "Training": "HyperParameters changed",
        "Evaluation": "it reads what EmpBonusTraining makes anew",
    },
    "instance_type": {},
    "larger_volume": {},
    "looser_limit": {"Evaluation": "AppSpecification changed"},
    "script": {
        "DataSplit": "its code changed",
        "Training": "it reads what EmpBonusDataSplit makes anew",
        "Evaluation": "it reads what EmpBonusTraining, EmpBonusDataSplit makes anew",
    },
    "archive_repacked": {
        "DataSplit": "the name of its code's archive changed",
        "Training": "it reads what EmpBonusDataSplit makes anew",
        "Evaluation": "it reads what EmpBonusTraining, EmpBonusDataSplit makes anew",
    },
    "step_added": {"Balance": "it is new"},
    "cache_off": {"Training": "it is not cached", "Evaluation": "it reads what EmpBonusTraining makes anew"},
    "lists_reordered": {},
}


@pytest.mark.parametrize("name", EFFECTS)
def test_steps_that_are_computed_anew_are_those_whose_keys_changed_and_their_readers(
    diffs: dict[str, Diff], name: str
) -> None:
    (pipeline,) = diffs[name].pipelines
    anew = {each.step.removeprefix("EmpBonus"): each.because for each in pipeline.effects if each.recomputed}
    always = {step for step, because in anew.items() if because.endswith("step always runs")}
    assert always == {"FindChampion", "QualityGate", "RegisterModel", "Rejected"}
    assert {step: because for step, because in anew.items() if step not in always} == EFFECTS[name]
