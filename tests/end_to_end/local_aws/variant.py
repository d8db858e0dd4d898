"""The stage dev with other settings: it starts the pipeline each minute, says when not, searches, and omits the age."""

import dataclasses

from settings import Features, Operations, Schedule, Tuning, find_stage

DEV = find_stage("dev")
FEW = Tuning(maximum_jobs=2, maximum_parallel_jobs=2)
"""Two are a search."""
VARIANT = dataclasses.replace(
    DEV,
    schedule=Schedule(expression="rate(1 minute)", period_hours=1, enabled=True),
    operations=Operations(),
    features=Features(without=("age",)),
    training=dataclasses.replace(DEV.training, tuning=FEW),
)
