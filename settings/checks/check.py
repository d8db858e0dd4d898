"""All rules, applied to one stage."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from settings.checks.deployment import DEPLOYMENT, check_endpoint
from settings.checks.jobs import JOBS, check_engine, check_instance_types, check_search
from settings.checks.linear_learner import check_hyperparameters, check_ranges
from settings.checks.monitoring import MONITORING, check_capture
from settings.checks.operations import OPERATIONS, check_retention
from settings.checks.problem import Problem
from settings.checks.quality_gate import check_limits
from settings.checks.region import check_region
from settings.checks.registration import REGISTRATION, check_approval
from settings.checks.rules import Rule, entries, rule_for
from settings.checks.security import SECURITY
from settings.checks.starts import STARTS, check_schedule
from settings.errors import SettingsError
from settings.options import Stage

RULES: Mapping[str, Rule] = {
    "region": check_region,
    "training.hyperparameters": check_hyperparameters,
    "quality_gate.defaults": check_limits,
    **JOBS,
    **STARTS,
    **REGISTRATION,
    **OPERATIONS,
    **SECURITY,
    **DEPLOYMENT,
    **MONITORING,
}
"""By the dotted names of options; any other option has the rule of its type."""

RELATIONS: Sequence[tuple[Callable[[Stage], Iterator[Problem]], tuple[str, ...]]] = (
    (
        check_instance_types,
        (
            *("processing.instance_type", "processing.allowed_instance_types"),
            *("training.instance_type", "training.allowed_instance_types"),
        ),
    ),
    (
        check_engine,
        (
            *("processing.engine", "processing.instance_type", "processing.instance_count"),
            *("schedule.parameters", "new_data_start.parameters"),
        ),
    ),
    (
        check_search,
        ("training.tuning.strategy", "training.tuning.maximum_jobs", "training.tuning.maximum_parallel_jobs"),
    ),
    (check_ranges, ("training.tuning.ranges",)),
    (
        check_schedule,
        (
            *("schedule.expression", "schedule.period_hours"),
            *("monitoring.schedule.expression", "monitoring.schedule.period_hours"),
        ),
    ),
    (check_capture, ("monitoring.schedule.enabled", "deployment.capture_percent")),
    (check_approval, ("registration.approval_status", "registration.allowed_approval_statuses")),
    (check_endpoint, ("deployment", "may_be_torn_down")),
    (check_retention, ("retention.step_cache_days", "retention.intermediates_days")),
)
"""Rules of several options, with the options that they read: each must be right by itself first."""


class InvalidOptionsError(SettingsError):
    """Options of a stage that cannot be deployed; one a line."""


def check_options(stage: Stage) -> None:
    """Raise `InvalidOptionsError` with everything that is wrong in the options of *stage*."""
    problems = find_problems(stage)
    if problems:
        raise InvalidOptionsError("\n".join(map(str, problems)))


def find_problems(stage: Stage) -> list[Problem]:
    """Return everything that is wrong in the options of *stage*."""
    problems = list(_check("", Stage, stage))
    wrong = [problem.name for problem in problems]
    for check, read in RELATIONS:
        if not any(_meet(name, option) for name in wrong for option in read):
            problems += check(stage)
    return problems


def _check(name: str, type_: Any, value: Any) -> Iterator[Problem]:
    """Check the option called *name*, or each option of the group that it is."""
    kinds = [each for each in get_args(type_) if each is not NoneType]
    if name in RULES:
        yield from RULES[name](name, value)
    elif get_origin(type_) is UnionType:
        if value is not None:
            yield from _check(name, kinds[0], value)
    elif dataclasses.is_dataclass(type_):
        yield from _check_group(name, type_, value)
    elif get_origin(type_) is Mapping and dataclasses.is_dataclass(kinds[-1]):
        yield from entries(lambda entry, item: _check(entry, kinds[-1], item))(name, value)
    else:
        yield from rule_for(type_)(name, value)


def _check_group(name: str, type_: Any, value: Any) -> Iterator[Problem]:
    if not isinstance(value, type_):
        yield Problem(name, f"is {value!r}: give {type_.__name__}(...)")
        return
    for option, option_type in get_type_hints(type_).items():
        yield from _check(f"{name}.{option}".lstrip("."), option_type, getattr(value, option))


def _meet(one: str, other: str) -> bool:
    """Return whether two names are of the same option, or one of a part of the other."""
    shorter, longer = sorted((f"{one}.", f"{other}."), key=len)
    return longer.replace("[", ".").startswith(shorter)
