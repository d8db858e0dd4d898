"""Each option that cannot be deployed is told in one line: its name, the value found, the remedy."""

import dataclasses
import re
from collections.abc import Iterator
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

import settings.stage_names
from settings import (
    FEATURE_COLUMNS,
    LINEAR_LEARNER,
    SEARCHED,
    STAGES,
    Autoscaling,
    Card,
    Deployment,
    InvalidOptionsError,
    Monitoring,
    Network,
    Range,
    Security,
    Stage,
    Training,
    Tuning,
    check_options,
    find_stage,
)
from settings.card import SECTIONS
from settings.checks.check import RULES, find_problems
from settings.checks.operations import LOG_RETENTION_DAYS
from settings.checks.service_model import shape_of

NETWORK = Network(
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids=("subnet-0123456789abcdef0",),
    security_group_ids=("sg-0a1b2c3d",),
    route_table_ids=("rtb-0a1b2c3d",),
)
DEV = STAGES["dev"]
WHOLE = dataclasses.replace(
    DEV,
    training=dataclasses.replace(DEV.training, tuning=Tuning()),
    security=Security(network=NETWORK, permissions_boundary_arn="arn:aws:iam::aws:policy/PowerUserAccess"),
    deployment=Deployment(autoscaling=Autoscaling()),
    monitoring=Monitoring(),
)
"""A stage with every group of options."""


def change(group: Any, name: str, value: Any) -> Any:
    """Return *group* with the option of this dotted *name* changed."""
    option, _, rest = name.partition(".")
    return dataclasses.replace(group, **{option: change(getattr(group, option), rest, value) if rest else value})


def problems(name: str, value: Any) -> list[str]:
    return [str(problem) for problem in find_problems(change(WHOLE, name, value))]


def hyperparameters(**changes: Any) -> tuple[str, dict[str, Any]]:
    return "training.hyperparameters", {**LINEAR_LEARNER, **changes}


def ranges(**changes: Range) -> tuple[str, dict[str, Range]]:
    return "training.tuning.ranges", {**SEARCHED, **changes}


def option_names(type_: Any = Stage, prefix: str = "") -> Iterator[str]:
    for name, kind in get_type_hints(type_).items():
        group = get_args(kind)[0] if get_origin(kind) is UnionType else kind
        yield f"{prefix}{name}"
        if dataclasses.is_dataclass(group):
            yield from option_names(group, f"{prefix}{name}.")


ADDRESS = "give an e-mail address, such as 'ml-team@example.com'"
ARN = "give the ARN of a managed policy, such as 'arn:aws:iam::123456789012:policy/Boundary'"
DAYS = ", ".join(map(str, LOG_RETENTION_DAYS))
SEED = "leave out a hyphen in front, spaces around, ${ and control characters"
TAG = "give a tag such as '1.9-0'"


@pytest.mark.parametrize("stage", [*STAGES.values(), WHOLE], ids=[*STAGES, "whole"])
def test_options_of_every_stage_and_all_defaults_are_right(stage: Stage) -> None:
    check_options(stage)


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        # Types.
        ("processing", None, "is None: give Processing(...)"),
        ("training.tuning", 5, "is 5: give Tuning(...)"),
        ("new_data_start.enabled", "no", "is 'no': give True or False"),
        ("may_be_torn_down", 0, "is 0: give True or False"),
        ("short_name", None, "is None: give text"),
        # The quality gate.
        ("quality_gate.defaults", {"MinimumR2": "0.5"}, ".MinimumR2 is '0.5': give a finite number of at most 1"),
        ("quality_gate.defaults", {"MinimumR2": True}, ".MinimumR2 is True: give a finite number of at most 1"),
        ("quality_gate.defaults", {"MinimumR2": 2}, ".MinimumR2 is 2: give a finite number of at most 1"),
        ("quality_gate.defaults", {"MaximumRmse": float("nan")}, ".MaximumRmse is nan: give a finite number"),
        ("quality_gate.defaults", {"MaximumRmse": float("inf")}, ".MaximumRmse is inf: give a finite number"),
        ("quality_gate.defaults", {"MaximumRmse": None}, ".MaximumRmse is None: give a finite number"),
        (
            "quality_gate.defaults",
            {"MaximumGroupDifference": -1},
            ".MaximumGroupDifference is -1: give a finite number of at least 0",
        ),
        (
            "quality_gate.defaults",
            {"MaximumGroupDifference": None},
            ".MaximumGroupDifference is None: give a finite number of at least 0",
        ),
        ("quality_gate.defaults", {"MinimumR": 0.5}, ".MinimumR is no limit: did you mean 'MinimumR2'?"),
        ("quality_gate.defaults", 0.5, "is 0.5: write a mapping of names to values"),
        # The region.
        ("region", "eu-wset-1", "is 'eu-wset-1', no region of AWS: did you mean 'eu-west-1'?"),
        ("region", "EU-WEST-1", "is 'EU-WEST-1', no region of AWS: did you mean 'eu-west-1'?"),
        ("region", "eu-west-1a", "is 'eu-west-1a', no region of AWS: did you mean 'eu-west-1'?"),
        ("region", "", "is '', no region of AWS: choose another, such as 'eu-west-1'"),
        (
            "region",
            "cn-north-1",
            "is 'cn-north-1', of partition aws-cn, and rights and resources here are those of aws: choose another,"
            " such as 'eu-west-1'",
        ),
        # The model card.
        ("registration.card", "High", "is 'High': give Card(...)"),
        ("registration.card.risk_rating", "high", "is 'high': choose 'High' or 'Medium' or 'Low' or 'Unknown'"),
        ("registration.card.model_owner", None, "is None: give text"),
        # Jobs.
        ("processing.image_version", "latest", f"is 'latest': {TAG}"),
        (
            "processing.image_version",
            "1.2-1",
            "is '1.2-1', whose Python is older than the 3.11 that the jobs need: choose '1.9-0'",
        ),
        ("processing.image_digest", "latest", "is 'latest': give sha256: and 64 hexadecimal digits, or None"),
        ("training.image_digest", "sha256:abc", "is 'sha256:abc': give sha256: and 64 hexadecimal digits, or None"),
        (
            "training.instance_type",
            "ml.p3.2xlarge",
            "is 'ml.p3.2xlarge', which is not in allowed_instance_types: add it there, or choose 'ml.m5.large' or"
            " 'ml.m5.xlarge' or 'ml.m5.2xlarge' or 'ml.m5.4xlarge' or 'ml.c5.xlarge' or 'ml.c5.2xlarge' or"
            " 'ml.c5.4xlarge'",
        ),
        ("processing.allowed_instance_types", (), "has 0 instance types: give a number of at least 1"),
        (
            "processing.allowed_instance_types",
            "ml.m5.xlarge",
            "is 'ml.m5.xlarge': write a tuple of instance types, with a comma after a single one",
        ),
        (
            "training.allowed_instance_types",
            ("ml.m5.xlarge", "ml.m99.xlarge"),
            "[1] is 'ml.m99.xlarge', no TrainingInstanceType of SageMaker: did you mean 'ml.m5.xlarge'?",
        ),
        (
            "training.allowed_instance_types",
            ("ml.m5.xlarge", "ml.g5.xlarge"),
            "[1] is 'ml.g5.xlarge', which has a disk that our key cannot encrypt: choose one without, ml.m5.xlarge",
        ),
        (
            "processing.allowed_instance_types",
            ("ml.m5.xlarge", "ml.r5d.xlarge"),
            "[1] is 'ml.r5d.xlarge', which has a disk that our key cannot encrypt: choose one without, ml.m5.xlarge",
        ),
        ("processing.engine", "dask", "is 'dask': choose 'local' or 'spark'"),
        ("processing.spark_image_digest", "v1.3", "is 'v1.3': give sha256: and 64 hexadecimal digits, or None"),
        (
            "processing.instance_count",
            3,
            "is 3, and engine 'local' uses one: set engine='spark', or give 1",
        ),
        ("processing.instance_count", 0, "is 0: give a whole number from 1 to 100"),
        ("processing.instance_count", 101, "is 101: give a whole number from 1 to 100"),
        ("processing.instance_count", "2", "is '2': give a whole number from 1 to 100"),
        ("processing.instance_count", True, "is True: give a whole number from 1 to 100"),
        ("processing.volume_size_gb", 30.0, "is 30.0: give a whole number from 1 to 16,384"),
        ("processing.max_runtime_s", 10 * 86_400, "is 864000: give a whole number from 1 to 777,600"),
        ("processing.maximum_rejected_share", 5, "is 5: give a finite number from 0 to 1"),
        ("processing.maximum_rejected_share", -0.1, "is -0.1: give a finite number from 0 to 1"),
        ("processing.maximum_rejected_share", "5%", "is '5%': give a finite number from 0 to 1"),
        ("processing.split_seed", "", "is '', of 0 bytes: give 1 to 64"),
        ("processing.split_seed", "ä" * 33, f"is {'ä' * 33!r}, of 66 bytes: give 1 to 64"),
        ("processing.split_seed", 42, "is 42: give text"),
        ("processing.split_seed", "--seed", f"is '--seed': {SEED}"),
        ("processing.split_seed", " seed", f"is ' seed': {SEED}"),
        ("processing.split_seed", "\ud800", f"is '\\ud800': {SEED}"),
        ("processing.split_seed", "a\nb", f"is 'a\\nb': {SEED}"),
        ("processing.split_seed", "${Key}", f"is '${{Key}}': {SEED}"),
        # Features.
        ("features", None, "is None: give Features(...)"),
        ("features.without", "age", "is 'age': write a tuple of columns, with a comma after a single one"),
        (
            "features.without",
            ("age", "Salery"),
            "[1] is 'Salery', which no feature is made from: did you mean 'salary'?",
        ),
        *(
            (
                "features.without",
                (name,),
                f"[0] is {name!r}, which no feature is made from: choose another, such as 'age'",
            )
            for name in ("employee_id", "name", "bonus", "address_length", 5)
        ),
        ("features.without", ("profile", "age", "profile"), "has 'profile' 2 times: give it once"),
        ("features.without", FEATURE_COLUMNS, "has 5 columns: give a number from 0 to 4"),
        ("training.instance_count", 0, "is 0: give a whole number of at least 1"),
        ("training.instance_count", 1.5, "is 1.5: give a whole number of at least 1"),
        ("training.volume_size_gb", 0, "is 0: give a whole number from 1 to 16,384"),
        ("training.max_runtime_s", 29 * 86_400, "is 2505600: give a whole number from 1 to 2,419,200"),
        ("training.mini_batch_size", 32.5, "is 32.5: give a whole number of at least 1"),
        # A search.
        ("training.tuning.strategy", "Grid", "is 'Grid': choose 'Bayesian' or 'Random'"),
        ("training.tuning.maximum_jobs", 0, "is 0: give a whole number of at least 1"),
        ("training.tuning.maximum_jobs", 751, "is 751: give a whole number from 1 to 750"),
        ("training.tuning.maximum_parallel_jobs", 101, "is 101: give a whole number from 1 to 100"),
        ("training.tuning.maximum_parallel_jobs", 21, "is 21: give at most maximum_jobs, 20"),
        ("training.tuning.max_runtime_s", 60, "is 60: give a whole number from 120 to 2,592,000"),
        ("training.tuning.random_seed", -1, "is -1: give a whole number from 0 to 2,147,483,647"),
        ("training.tuning.ranges", {}, "is empty: give a range of learning_rate, wd, l1, mini_batch_size"),
        ("training.tuning.ranges", {"wd": 5}, ".wd is 5: give Range(...)"),
        # Starts.
        (
            "schedule.expression",
            "cron(0 0 ? * 0 *)",
            "is 'cron(0 0 ? * 0 *)': day-of-week '0': give 1 to 7, or SUN to SAT",
        ),
        ("schedule.period_hours", 0, "is 0: give a whole number of at least 1"),
        (
            "schedule.period_hours",
            24,
            "is 24: cron(0 5 ? * MON *) leaves up to 168 h between two starts: set 168",
        ),
        ("schedule.parameters", {"Count": 2}, ".Count is 2: write it as text, in quotes"),
        ("schedule.parameters", {1: "x"}, "has the name 1: write names as text"),
        ("schedule.parameters", "Count=2", "is 'Count=2': write a mapping of names to values"),
        ("schedule.maximum_event_age_s", 30, "is 30: give a whole number from 60 to 86,400"),
        ("new_data_start.maximum_event_age_s", 86_401, "is 86401: give a whole number from 60 to 86,400"),
        ("schedule.maximum_retries", 186, "is 186: give a whole number from 0 to 185"),
        ("new_data_start.maximum_retries", 1.5, "is 1.5: give a whole number from 0 to 185"),
        # What is registered.
        (
            "registration.approval_status",
            "Rejected?",
            "is 'Rejected?', which is not in allowed_approval_statuses: add it there, or choose"
            " 'PendingManualApproval' or 'Approved' or 'Rejected'",
        ),
        (
            "registration.allowed_approval_statuses",
            ("PendingManualApproval", "approved"),
            "[1] is 'approved', no ModelApprovalStatus of SageMaker: did you mean 'Approved'?",
        ),
        (
            "registration.inference_instance_types",
            ("ml.foo",),
            "[0] is 'ml.foo', no ProductionVariantInstanceType of SageMaker: choose another, such as 'ml.m5.xlarge'",
        ),
        ("registration.transform_instance_types", (), "has 0 instance types: give a number of at least 1"),
        (
            "registration.transform_instance_types",
            ("m5.xlarge",),
            "[0] is 'm5.xlarge', no TransformInstanceType of SageMaker: did you mean 'ml.m5.xlarge'?",
        ),
        (
            "registration.model_type",
            "Bonus (2026)",
            "is 'Bonus (2026)': give 1 to 256 letters, digits, spaces and characters of _.:/=+-@",
        ),
        # What is kept, and who hears of what.
        (
            "retention.step_cache_days",
            60,
            "retention.intermediates_days is 45: a cached step could point at deleted files; keep them at least 67"
            " days, 7 longer than step_cache_days",
        ),
        ("retention.step_cache_days", 0, "is 0: give a whole number from 1 to 36,500"),
        ("retention.intermediates_days", 0, "retention.intermediates_days is 0: give a whole number from 1 to 36,500"),
        ("retention.predictions_days", 0, "is 0: give a whole number from 1 to 36,500"),
        ("scoring.new_data_start.maximum_event_age_s", 59, "is 59: give a whole number from 60 to 86,400"),
        ("scoring.new_data_start.maximum_retries", 186, "is 186: give a whole number from 0 to 185"),
        ("scoring.new_data_start.enabled", "no", "is 'no': give True or False"),
        ("retention.noncurrent_versions_days", 0, "is 0: give a whole number from 1 to 36,500"),
        ("retention.access_logs_days", 0.5, "is 0.5: give a whole number from 1 to 36,500"),
        ("operations.log_retention_days", 91, f"is 91: choose one of {DAYS}"),
        ("operations.log_retention_days", "90", f"is '90': choose one of {DAYS}"),
        ("operations.missed_periods", 0, "is 0: give a whole number of at least 1"),
        ("operations.missed_periods", 0.5, "is 0.5: give a whole number of at least 1"),
        (
            "operations.notified",
            "a@example.com",
            "is 'a@example.com': write a tuple of e-mail addresses, with a comma after a single one",
        ),
        ("operations.notified", ("ml team",), f"[0] is 'ml team': {ADDRESS}"),
        ("operations.notified", ("a@b.example", "a@@b.example"), f"[1] is 'a@@b.example': {ADDRESS}"),
        ("operations.notified", ("a@b.example", "A@b.example"), "has 'a@b.example' 2 times: give it once"),
        # What an organisation asks for.
        ("security.network.vpc_id", "0a1b2c3d", "is '0a1b2c3d': give an id, vpc- and 8 or 17 hexadecimal digits"),
        ("security.network.subnet_ids", (), "has 0 subnets: give a number from 1 to 16"),
        (
            "security.network.subnet_ids",
            tuple(f"subnet-{number:08x}" for number in range(17)),
            "has 17 subnets: give a number from 1 to 16",
        ),
        (
            "security.network.subnet_ids",
            ("subnet-1",),
            "[0] is 'subnet-1': give an id, subnet- and 8 or 17 hexadecimal digits",
        ),
        (
            "security.network.security_group_ids",
            tuple(f"sg-{number:08x}" for number in range(6)),
            "has 6 security groups: give a number from 1 to 5",
        ),
        (
            "security.network.route_table_ids",
            ("table",),
            "[0] is 'table': give an id, rtb- and 8 or 17 hexadecimal digits",
        ),
        # The endpoint.
        ("deployment", True, "is True: give Deployment(...)"),
        (
            "deployment.instance_type",
            "ml.m5",
            "is 'ml.m5', no ProductionVariantInstanceType of SageMaker: did you mean 'ml.m5.large'?",
        ),
        (
            "deployment.instance_type",
            "ml.m5d.large",
            "is 'ml.m5d.large', which has a disk that our key cannot encrypt: choose one without, ml.m5.xlarge",
        ),
        (
            "deployment.instance_type",
            "ml.t2.medium",
            "is 'ml.t2.medium', which cannot be scaled: choose 'ml.m5.large', or set autoscaling=None",
        ),
        ("deployment.instance_count", 0, "is 0: give a whole number of at least 1"),
        ("deployment.canary", 1, "is 1: give Canary(...)"),
        ("deployment.canary.instance_count", 2, "is 2: give at most half of instance_count, 1"),
        ("deployment.canary.baking_s", 30, "is 30: give a whole number from 60 to 3,600"),
        ("deployment.autoscaling.maximum_count", 1, "is 1: give at least instance_count, 2"),
        ("deployment.autoscaling.invocations_per_minute", 0.5, "is 0.5: give a whole number of at least 1"),
        ("deployment.capture_percent", 101, "is 101: give a whole number from 0 to 100"),
        ("deployment.alarms.errors_per_minute", 0, "is 0: give a whole number of at least 1"),
        ("deployment.alarms.latency_ms", 0.2, "is 0.2: give a whole number from 1 to 60,000"),
        # The watch over traffic.
        ("monitoring", True, "is True: give Monitoring(...)"),
        ("monitoring.window_hours", 745, "is 745: give a whole number from 1 to 744"),
        ("monitoring.minimum_records", 19, "is 19: give a whole number from 20 to 100,000"),
        ("monitoring.limit_share", 0, "is 0: give a finite number from 0.01 to 1"),
        ("monitoring.drifted_share", 1.5, "is 1.5: give a finite number from 0.01 to 1"),
        ("monitoring.minimum_labels", 9, "is 9: give a whole number of at least 10"),
        ("monitoring.retrain", "yes", "is 'yes': give True or False"),
        (
            "monitoring.schedule.period_hours",
            12,
            "is 12: cron(0 0 * * ? *) leaves up to 24 h between two starts: set 24",
        ),
        (
            "monitoring.schedule.expression",
            "cron(0 6 * * * *)",
            "is 'cron(0 6 * * * *)': day-of-month '*' and day-of-week '*': write ? in just one of the two",
        ),
        ("monitoring.schedule.maximum_event_age_s", 30, "is 30: give a whole number from 60 to 86,400"),
        ("monitoring.schedule.maximum_retries", 186, "is 186: give a whole number from 0 to 185"),
        (
            "monitoring.schedule.enabled",
            True,
            "is True, and no traffic is captured: set deployment=Deployment(capture_percent=100), or give False",
        ),
        ("retention.monitoring_days", 0, "retention.monitoring_days is 0: give a whole number from 1 to 36,500"),
        ("security.permissions_boundary_arn", "MyBoundary", f"is 'MyBoundary': {ARN}"),
        (
            "security.permissions_boundary_arn",
            "arn:aws:iam::123456789012:role/Boundary",
            f"is 'arn:aws:iam::123456789012:role/Boundary': {ARN}",
        ),
    ],
)
def test_option_that_cannot_be_deployed_is_refused_in_one_line(name: str, value: Any, line: str) -> None:
    begins = "" if line.startswith("retention.") else name if line[0] in ".[" else f"{name} "
    assert problems(name, value) == [f"{begins}{line}"]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"epochs": "0"}, "epochs is '0': give a whole number of at least 1"),
        ({"epochs": 1.5}, "epochs is 1.5: give a whole number of at least 1"),
        ({"learning_rate": "-1"}, "learning_rate is '-1': give a finite number above 0, or auto"),
        ({"learning_rate": float("nan")}, "learning_rate is nan: give a finite number above 0, or auto"),
        ({"momentum": "1"}, "momentum is '1': give a finite number of at least 0 and below 1, or auto"),
        ({"use_bias": "yes"}, "use_bias is 'yes': choose true, false"),
        ({"optimizer": "adagrad"}, "optimizer is 'adagrad': choose sgd, adam, rmsprop, or auto"),
        ({"loss": None}, "loss is None: choose squared_loss, "),
        ({"predictor_type": "binary_classifier"}, "predictor_type is 'binary_classifier': choose regressor"),
        ({"num_classes": "3"}, "num_classes is '3': leave it out, it is for classifiers"),
        ({"feature_dim": "5"}, "feature_dim is '5': leave it out, the algorithm counts the columns"),
        ({"mini_batch_size": "64"}, "mini_batch_size is '64': set training.mini_batch_size instead, as "),
        ({"max_depth": "5"}, "max_depth is '5', and Linear Learner has no such hyperparameter: remove it"),
        ({"learningrate": "1"}, "learningrate is '1', and Linear Learner has no such hyperparameter: did you mean"),
    ],
)
def test_hyperparameter_that_linear_learner_does_not_take_is_refused(changes: dict[str, Any], line: str) -> None:
    (problem,) = problems(*hyperparameters(**changes))
    assert problem.startswith(f"training.hyperparameters.{line}")


def test_traffic_is_watched_on_a_schedule_where_an_endpoint_captures_its_answers() -> None:
    watched = change(WHOLE, "monitoring.schedule.enabled", True)
    check_options(change(watched, "deployment.capture_percent", 100))
    assert len(find_problems(change(watched, "deployment", None))) == 1


def test_hyperparameters_without_the_predictor_type_are_refused() -> None:
    others = {name: value for name, value in LINEAR_LEARNER.items() if name != "predictor_type"}
    assert problems("training.hyperparameters", others) == [
        "training.hyperparameters.predictor_type is missing: set 'regressor'"
    ]
    assert problems("training.hyperparameters", "epochs=5") == [
        "training.hyperparameters is 'epochs=5': write a mapping of names to values"
    ]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"l1": Range(minimum=0, maximum=0.01)}, ".l1.minimum is 0: a logarithmic scale needs more than 0"),
        ({"wd": Range(minimum=-1, maximum=0.01)}, ".wd.minimum is -1: give a finite number of at least 0"),
        ({"wd": Range(minimum=0.1, maximum=0.01)}, ".wd goes from 0.1 to 0.01: give a minimum below the maximum"),
        ({"wd": Range(minimum=0.1, maximum=0.1)}, ".wd goes from 0.1 to 0.1: give a minimum below the maximum"),
        ({"wd": Range(minimum=float("nan"), maximum=1)}, ".wd.minimum is nan: give a finite number"),
        ({"wd": Range(minimum=0.1, maximum=float("inf"))}, ".wd.maximum is inf: give a finite number"),
        (
            {"wd": Range(minimum=0.1, maximum=1, scaling="Log")},  # type: ignore[arg-type]  # as somebody may write it
            ".wd.scaling is 'Log': choose 'Linear' or 'Logarithmic' or 'ReverseLogarithmic'",
        ),
        (
            {"wd": Range(minimum=0, maximum=1, scaling="ReverseLogarithmic")},
            ".wd is on a reverse logarithmic scale: stay from 0 to below 1, or set scaling='Linear'",
        ),
        (
            {"mini_batch_size": Range(minimum=32, maximum=512, whole=True, scaling="ReverseLogarithmic")},
            ".mini_batch_size.scaling is 'ReverseLogarithmic': whole numbers take Linear or Logarithmic",
        ),
        (
            {"learning_rate": Range(minimum=1, maximum=5, whole=True)},
            ".learning_rate.whole is True: set False, as the values of learning_rate are",
        ),
        (
            {"mini_batch_size": Range(minimum=32, maximum=512)},
            ".mini_batch_size.whole is False: set True, as the values of mini_batch_size are",
        ),
        (
            {"mini_batch_size": Range(minimum=32, maximum=100.9, whole=True)},
            ".mini_batch_size.maximum is 100.9: give a whole number",
        ),
        (
            {"mini_batch_size": Range(minimum=0, maximum=100, whole=True)},
            ".mini_batch_size.minimum is 0: give a whole number of at least 1",
        ),
        (
            {"momentum": Range(minimum=0.1, maximum=0.9)},
            ".momentum cannot be searched in a range: search learning_rate, wd, l1, mini_batch_size only",
        ),
    ],
)
def test_range_that_no_search_can_try_is_refused(changes: dict[str, Range], line: str) -> None:
    assert problems(*ranges(**changes)) == [f"training.tuning.ranges{line}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quality_gate.defaults", {"MaximumRmse": 2_500}),
        ("features.without", FEATURE_COLUMNS[1:]),
        ("quality_gate.defaults", {"MaximumGroupDifference": 300.0}),
        ("processing.maximum_rejected_share", 0),
        ("processing.maximum_rejected_share", 1),
        ("processing.split_seed", "prämie 2026"),
        ("processing.split_seed", "x" * 64),
        ("processing.image_version", "1.4-2-py312"),
        ("processing.image_digest", f"sha256:{'0' * 64}"),
        ("operations.notified", ["a.b+c@mail.example.com"]),
        ("operations.missed_periods", None),
        ("registration.inference_instance_types", ()),
        ("security.network", None),
        ("registration.card", None),
        ("training.tuning.maximum_jobs", 750),
        ("deployment", None),
        ("deployment", Deployment(instance_type="ml.t2.medium", instance_count=1, canary=None)),
        hyperparameters(epochs=5, normalize_data=True, num_models="auto", wd=0),
        ranges(wd=Range(minimum=0, maximum=0.5, scaling="ReverseLogarithmic")),
        ranges(l1=Range(minimum=0, maximum=1, scaling="Linear")),
    ],
)
def test_option_that_is_unusual_and_right_passes(name: str, value: Any) -> None:
    assert problems(name, value) == []


@pytest.mark.parametrize("option", [name for texts in SECTIONS.values() for name in texts if name != "risk_rating"])
def test_text_of_a_card_has_at_most_the_characters_that_sagemaker_takes(option: str) -> None:
    most = next(texts[option] for texts in SECTIONS.values() if option in texts)
    name = f"registration.card.{option}"
    assert problems(name, "ä" * most) == problems(name, "two\nlines") == []
    assert problems(name, "ä" * (most + 1)) == [f"{name} has {most + 1:,} characters: give 1 to {most:,}"]
    assert problems(name, "") == [f"{name} has 0 characters: give 1 to {most:,}"]


@pytest.mark.parametrize("text", ["${DataBucket}", "a\tb", "a\u2028b", "a\ud800b"])
def test_text_of_a_card_that_would_not_reach_sagemaker_as_it_is_is_refused(text: str) -> None:
    (problem,) = problems("registration.card.line_of_business", text)
    assert problem.startswith("registration.card.line_of_business has ")
    assert problem.endswith(": leave out ${ and control characters")


def test_every_option_of_a_card_is_in_one_section() -> None:
    assert sorted(name for texts in SECTIONS.values() for name in texts) == sorted(get_type_hints(Card))


def test_random_search_may_have_more_jobs() -> None:
    stage = change(WHOLE, "training.tuning", Tuning(strategy="Random", maximum_jobs=10_000))
    assert find_problems(stage) == []


def test_single_instance_serves_only_a_stage_that_may_be_torn_down() -> None:
    kept = change(change(WHOLE, "deployment", Deployment(instance_count=1)), "may_be_torn_down", False)
    assert [str(problem) for problem in find_problems(kept)] == [
        "deployment.instance_count is 1: a stage that may not be torn down needs at least 2",
        "deployment.canary.instance_count is 1: set canary=None, or 2 instances",
    ]


@pytest.mark.parametrize("option", ["schedule", "new_data_start"])
def test_start_with_several_instances_is_refused_where_one_machine_does_the_job(option: str) -> None:
    given = {"ProcessingInstanceCount": "3", "DataVersion": "$.time"}
    stage = change(WHOLE, f"{option}.parameters", given)
    assert [str(problem) for problem in find_problems(stage)] == [
        f"{option}.parameters.ProcessingInstanceCount is 3, and engine 'local' uses one: set engine='spark', or give 1"
    ]
    assert find_problems(change(stage, "processing.engine", "spark")) == []
    assert find_problems(change(stage, f"{option}.parameters", {**given, "ProcessingInstanceCount": "$.count"})) == []


def test_spark_takes_several_instances_of_types_with_enough_memory() -> None:
    stage = change(change(WHOLE, "processing.engine", "spark"), "processing.instance_count", 20)
    assert find_problems(stage) == []
    assert [str(problem) for problem in find_problems(change(stage, "processing.instance_type", "ml.t3.medium"))] == [
        "processing.instance_type is 'ml.t3.medium', whose memory is too small for Spark: choose a larger one, such as"
        " 'ml.m5.xlarge'"
    ]


def test_all_problems_of_a_stage_are_reported_at_once_in_a_line_each() -> None:
    stage = change(change(WHOLE, "region", "x"), "training.mini_batch_size", 0)
    with pytest.raises(InvalidOptionsError) as refusal:
        check_options(change(stage, "schedule.period_hours", 1))
    assert [line.split()[0] for line in str(refusal.value).splitlines()] == [
        "region",
        "training.mini_batch_size",
        "schedule.period_hours",
    ]


def test_stage_that_cannot_be_deployed_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.stage_names, "STAGES", {"dev": change(DEV, "training.mini_batch_size", 0)})
    with pytest.raises(InvalidOptionsError, match=r"^training\.mini_batch_size is 0: "):
        find_stage("dev")


@pytest.mark.parametrize("name", list(option_names()))
def test_value_of_any_kind_passes_or_is_refused_in_one_line(name: str) -> None:
    for value in (
        None,
        True,
        -1,
        1.5,
        float("nan"),
        "",
        "a\nb",
        b"x",
        (),
        (None,),
        {},
        {1: 2},
        {"a": None},
        Network,
        DEV,
    ):
        assert all(len(line.splitlines()) == 1 for line in problems(name, value)), value


def test_rules_are_of_options_that_there_are() -> None:
    assert RULES.keys() - set(option_names()) == set()


def test_log_retention_days_are_those_that_cloudwatch_documents() -> None:
    documented = shape_of("Days", "logs").documentation.partition("Possible values are: ")[2].partition("</p>")[0]
    assert tuple(map(int, re.findall("[0-9]+", documented))) == LOG_RETENTION_DAYS


def test_each_instance_that_trains_needs_a_full_mini_batch() -> None:
    training = Training(instance_count=3, mini_batch_size=32)
    assert training.minimum_training_rows == 96
    assert dataclasses.replace(training, tuning=Tuning()).minimum_training_rows == 3 * 512
