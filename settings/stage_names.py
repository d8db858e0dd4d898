"""Finds a stage by its name, and says what a stage may be called: all its other names are made of that."""

import re
from collections.abc import Iterable

from settings.checks import check_options
from settings.errors import StageNameError, UnknownStageError
from settings.options import Stage
from settings.stages import DECLARED, STAGES

NAME_LENGTH = 13
"""A job's name has 63 characters: it begins `emp-bonus-<stage>`, a step adds up to 13 and the service 27."""


def find_stage(name: str) -> Stage:
    """Return the stage called *name*; raise `SettingsError` where there is none, or where it cannot be deployed."""
    if name not in STAGES:
        raise UnknownStageError(f"stage {name!r} does not exist: choose {' or '.join(STAGES)}")
    if sum(stage.name == name for stage in DECLARED) > 1:
        raise StageNameError(f"stage {name!r} is declared twice, and one would replace the other: rename one")
    check_options(STAGES[name])
    return STAGES[name]


def check_names(stage: Stage, others: Iterable[Stage]) -> None:
    """Refuse names of *stage* that AWS does not take, or changes, or that reach into those of *others*."""
    # CloudFormation drops one of two hyphens.
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", stage.name):
        raise StageNameError(f"stage {stage.name!r}: use lower-case letters, digits, and single hyphens between them")
    over = len(stage.name) - NAME_LENGTH
    if over > 0:
        raise StageNameError(
            f"stage {stage.name!r} has {len(stage.name)} characters, {NAME_LENGTH} at most, as names of jobs have it:"
            f" shorten it by {over}"
        )
    if not re.fullmatch("[a-z0-9]{0,3}", stage.short_name):
        raise StageNameError(f"short_name {stage.short_name!r}: use up to 3 lower-case letters and digits")
    for other in others:
        if other.name != stage.name:
            _check_apart(stage.name, stage.job_prefix, other.job_prefix, remedy="rename one of the two stages")
            _check_apart(stage.name, stage.tuning_job_prefix, other.tuning_job_prefix, remedy="set another short_name")


def _check_apart(name: str, prefix: str, other: str, *, remedy: str) -> None:
    """Refuse a *prefix* that begins the *other*, or the other way round: rights to jobs end with it and a hyphen."""
    shorter, longer = sorted((f"{prefix}-", f"{other}-"), key=len)
    if longer.startswith(shorter):
        raise StageNameError(
            f"stage {name!r}: {shorter}* and {longer}* meet, so one stage could stop the other's jobs; {remedy}"
        )
