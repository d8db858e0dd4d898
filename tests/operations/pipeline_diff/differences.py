"""Differences made by hand, one that has everything and ones that are too long."""

from dataclasses import replace
from itertools import pairwise

from operations.pipeline_diff.change import (
    Area,
    Change,
    Cost,
    Diff,
    Graph,
    Node,
    PipelineDiff,
    Severity,
    Size,
    StepEffect,
)

NODES = (
    Node("EmpBonusPreProcessing", "Processing"),
    Node("EmpBonusTraining", "Training"),
    Node("EmpBonusQualityGate", "Condition"),
    Node("EmpBonusRegisterModel", "RegisterModel", "EmpBonusQualityGate.IfSteps"),
)
EDGES = tuple((one.name, other.name) for one, other in pairwise(NODES))
PIPELINE = PipelineDiff(
    pipeline="emp-bonus-training-pipeline",
    changes=(
        Change(Area.INSTANCE, "EmpBonusTraining", "instance type", "ml.m5.xlarge", "ml.p9.24xlarge", Severity.REVIEW),
        Change(
            Area.CODE,
            "EmpBonusPreProcessing",
            "2 source files changed",
            why="Its archive has another name, so the step runs again.",
            details=("processing/records/columns.py", "processing/features/features.py"),
        ),
    ),
    effects=(
        StepEffect("EmpBonusPreProcessing", True, "its code changed"),
        StepEffect("EmpBonusTraining", True, "its instance type changed"),
        StepEffect("EmpBonusQualityGate", True, "a Condition step always runs"),
        StepEffect("EmpBonusRegisterModel", True, "a RegisterModel step always runs"),
    ),
    before=Graph(NODES, EDGES),
    after=Graph(NODES, EDGES, frozenset({"EmpBonusPreProcessing", "EmpBonusTraining"})),
    run_before=Cost(0.31),
    run_after=Cost(0.27, ("ml.p9.24xlarge in eu-west-1",)),
)
EVERYTHING = Diff(
    base="main",
    head="HEAD",
    pipelines=(PIPELINE,),
    changes=(
        Change(
            Area.PERMISSION,
            "JobRole",
            "allows more",
            '{"Action": "s3:GetObject"}',
            '{"Action": "s3:*"}',
            Severity.DANGER,
            "Requests are allowed that were not.",
            ("s3:DeleteObject on arn:aws:s3:::bucket/*",),
        ),
        Change(Area.RESOURCE, "DataBucket", "replaced", "a", "b", Severity.DANGER, "Its name is create-only."),
        Change(Area.SCHEDULE, "Schedule", "expression", "cron(0 4 ? * MON *)", "cron(0 4 * * ? *)", Severity.REVIEW),
        Change(Area.OTHER, "Queue", "Properties.Tags[0].Value", "a|b `c`", "", Severity.NOTE),
    ),
    sizes=(
        Size("template of emp-bonus-prod-pipeline", 910_000, 930_000, 1_000_000, "bytes", "AWS CloudFormation quotas"),
    ),
    month_before=Cost(12.5),
    month_after=Cost(31),
    not_compared=("the local data contract is not part of either side",),
)
NOTHING = Diff("main", "HEAD", (replace(PIPELINE, changes=(), run_after=PIPELINE.run_before),), ())


def with_changes(number: int) -> Diff:
    """Return a difference with *number* long changes."""
    changes = tuple(
        Change(
            Area.OTHER,
            f"Resource{n}",
            "Properties." + "x" * 200,
            "old " * 90,
            "new " * 90,
            Severity(1 + n % 3),
            "why " * 90,
        )
        for n in range(number)
    )
    return replace(EVERYTHING, changes=changes)
