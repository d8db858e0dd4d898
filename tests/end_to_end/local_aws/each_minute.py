"""The stage dev with a schedule that starts the pipeline each minute."""

from pathlib import Path

from tests.end_to_end.commands import copy_project, replace
from tests.end_to_end.local_aws.aws import LocalAws

WEEKLY = 'Schedule(expression="cron(0 5 ? * MON *)", period_hours=168, enabled=False)'
EACH_MINUTE = 'Schedule(expression="rate(1 minute)", period_hours=1, enabled=True)'


def synthesize_each_minute(aws: LocalAws) -> Path:
    """Return the assembly of the application with that setting; nothing else of it is another."""
    project = copy_project(aws.folder / "project")
    replace(project / "settings.py", WEEKLY, EACH_MINUTE)
    return aws.synthesize("assembly", project=project, validation=False)


def withdraw_start(aws: LocalAws) -> None:
    """Take from the role of the schedule's rule the right to start the pipeline."""
    events = aws.client("events")
    (rule,) = events.list_rules(NamePrefix=f"{aws.stage.pipeline_stack}-ScheduledStart")["Rules"]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    role = target["RoleArn"].rpartition("/")[2]
    aws.client("iam").delete_role_policy(RoleName=role, PolicyName="Start")
