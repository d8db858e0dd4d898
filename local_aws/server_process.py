"""The server's process: MiniStack with what we add to it."""

import os
import signal
import sys
import threading
from pathlib import Path

import ministack.app

from local_aws import application_auto_scaling, service_quotas, subscriptions
from local_aws.cloudformation import bucket, composite_alarm, metric_math_alarm, refusals, sagemaker_types
from local_aws.eventbridge import delivery, object_versions
from local_aws.iam import decisions
from local_aws.internals import missing
from local_aws.sagemaker import executions, service
from local_aws.server_control import END
from local_aws.step_functions import task_roles

JOBS_TIMEOUT_S = 15.0


def run(record: Path) -> None:
    """Serve until killed; what IAM decides about roles is written to *record*."""
    if names := missing():
        sys.exit(f"ministack lacks {', '.join(names)}: install the version in pyproject.toml")
    ministack.app._port_is_bindable = lambda *_: False  # else it would take port 443, too
    decisions.record_to(record)
    service.install()
    service_quotas.install()
    application_auto_scaling.install()
    subscriptions.install()
    task_roles.install()
    sagemaker_types.install()
    composite_alarm.install()
    metric_math_alarm.install()
    bucket.install()
    refusals.install()
    delivery.install()
    object_versions.install()
    signal.signal(END, lambda *_: threading.Thread(target=_end).start())
    sys.argv = sys.argv[:1]  # MiniStack reads it
    ministack.app.main()


def _end() -> None:
    """End the jobs, then this process and what else it started: asked politely, MiniStack takes half a minute."""
    executions.end_all(JOBS_TIMEOUT_S)
    os.killpg(os.getpid(), signal.SIGKILL)
