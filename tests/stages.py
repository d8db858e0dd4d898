"""Stages that somebody may add."""

import dataclasses

from settings import Stage, find_stage


def named(name: str, like: str = "prod") -> Stage:
    """Return a stage called *name*, its other names after it, and else as the stage *like*."""
    return dataclasses.replace(find_stage(like), name=name, short_name="")
