"""The server's process: MiniStack with what we add to it."""

import sys

import ministack.app

from local_aws.cloudformation import bucket, composite_alarm, sagemaker_types
from local_aws.internals import missing
from local_aws.sagemaker import service


def run() -> None:
    """Serve until killed."""
    if names := missing():
        sys.exit(f"ministack lacks {', '.join(names)}: install the version in pyproject.toml")
    ministack.app._port_is_bindable = lambda *_: False  # else it would take port 443, too
    service.install()
    sagemaker_types.install()
    composite_alarm.install()
    bucket.install()
    sys.argv = sys.argv[:1]  # MiniStack reads it
    ministack.app.main()
