"""The stages that are deployed: the one file to edit for another stage, or for other values in one.

What else can be set, and the defaults of all that is not set here, is in `options.py`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from settings.options import Operations, Registration, Stage
from settings.starts import Schedule

DEV = Stage(
    name="dev",
    region="eu-west-1",
    registration=Registration(allowed_approval_statuses=("PendingManualApproval", "Approved", "Rejected")),
    schedule=Schedule(expression="cron(0 5 ? * MON *)", period_hours=168, enabled=False),
    operations=Operations(missed_periods=None),
    may_be_torn_down=True,
)

PROD = Stage(
    name="prod",
    short_name="prd",
    region="eu-west-1",
    schedule=Schedule(expression="cron(0 4 ? * MON,THU *)", period_hours=96, enabled=True),
)

DECLARED = (DEV, PROD)

STAGES: Mapping[str, Stage] = MappingProxyType({stage.name: stage for stage in DECLARED})
"""By name; `find_stage` refuses two of one name."""
