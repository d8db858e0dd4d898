"""The stage dev with other settings: it starts the pipeline each minute, says when it does not, and searches."""

from pathlib import Path

from tests.end_to_end.commands import copy_project, replace
from tests.end_to_end.local_aws.aws import LocalAws

SETTINGS = (
    (
        "stages.py",
        'Schedule(expression="cron(0 5 ? * MON *)", period_hours=168, enabled=False)',
        'Schedule(expression="rate(1 minute)", period_hours=1, enabled=True)',
    ),
    ("stages.py", "operations=Operations(missed_periods=None)", "operations=Operations()"),
    (
        "options.py",
        "tuning: Tuning | None = None",
        "tuning: Tuning | None = Tuning(maximum_jobs=2, maximum_parallel_jobs=2)  # two are a search",
    ),
)


def synthesize_variant(aws: LocalAws) -> Path:
    """Return the assembly of the application with these settings."""
    project = copy_project(aws.folder / "project")
    for file, usual, other in SETTINGS:
        replace(project / "settings" / file, usual, other)
    return aws.synthesize("assembly", project=project)
