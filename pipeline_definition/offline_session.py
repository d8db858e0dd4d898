"""Every work-around it takes to use the SageMaker SDK (3.27.0) with no AWS account, no network and no clock."""

import contextlib
import functools
import logging
import os
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline_definition.placeholders import JOB_ROLE_ARN

if TYPE_CHECKING:
    import boto3
    from sagemaker.core.workflow.pipeline_context import PipelineSession

# ModelTrainer asks IAM about a role whose ARN has not this form; `finish` puts the placeholder in its place.
STAND_IN_ROLE_ARN = "arn:aws:iam::000000000000:role/JobRole"

# Without an explicit configuration the SDK reads the user's and the machine's, and sends telemetry.
_SDK_CONFIG = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}}}

# Set for a script of one's own; Linear Learner has none, so `register` adds them empty.
_SCRIPT_VARIABLES = (
    "SAGEMAKER_PROGRAM",
    "SAGEMAKER_SUBMIT_DIRECTORY",
    "SAGEMAKER_CONTAINER_LOG_LEVEL",
    "SAGEMAKER_REGION",
)

# What the SDK writes whether there is something in it or not.
_OFTEN_EMPTY = ("Environment", "Bias", "Explainability")


@contextlib.contextmanager
def offline(region: str) -> Iterator[None]:
    """Let the SDK be imported and used in this block without credentials, and leave the environment as it was.

    `import sagemaker.mlops` makes a boto3 client in a class body, which needs a region; ModelTrainer checks its role
    with IAM; a credentials look-up without credentials asks the network.
    """
    settings = {
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "offline",
        "AWS_SECRET_ACCESS_KEY": "offline",  # pragma: allowlist secret  nobody is asked with it
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAGEMAKER_VALIDATE_ROLE": "false",
    }
    saved = {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "SAGEMAKER_"))}
    level = logging.root.manager.disable
    try:
        for name in saved:
            del os.environ[name]
        os.environ.update(settings)
        logging.disable(logging.WARNING)  # the SDK's advice for people at a notebook
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.disable(level)
        for name in settings:
            del os.environ[name]
        os.environ.update(saved)


def new_session(region: str) -> "PipelineSession":
    """Return a session that answers by itself what the SDK would ask AWS. Call it in an `offline` block."""
    from sagemaker.core.workflow.pipeline_context import PipelineSession

    _spare_repetition()

    class OfflineSession(PipelineSession):  # type: ignore[misc]  # the SDK ships no types
        def default_bucket(self) -> str:
            # `register` asks and does not use it. The checker refuses any output that would lie there.
            return "no-default-bucket"

        def account_id(self) -> str:
            return "000000000000"

    return OfflineSession(boto_session=_boto_session(region), sagemaker_config=_SDK_CONFIG)


@functools.cache
def _boto_session(region: str) -> "boto3.Session":
    """Return one for all definitions: each would read the models of all services that the SDK has a client of."""
    import boto3

    return boto3.Session(region_name=region)


@functools.cache
def _spare_repetition() -> None:
    """Keep the SDK from doing again and again what gives the same every time: most of the seconds of a build."""
    from sagemaker.core import common_utils
    from sagemaker.core.config.config_manager import SageMakerConfig
    from sagemaker.core.helper import session_helper
    from sagemaker.core.local.local_session import LocalSagemakerClient
    from sagemaker.mlops.workflow import steps

    # It checks the schema of its configuration for each session, and the whole of it at every look-up: 48 times.
    session_helper.validate_sagemaker_config = lambda _: None
    SageMakerConfig.validate_sagemaker_config = staticmethod(lambda _: None)
    # Each processing step makes a client of the local mode to read the name of a method: a quarter of a second. The
    # class has the same names.
    steps.LocalSagemakerClient = lambda: LocalSagemakerClient
    # Each look-up of an image reads the endpoints of all services.
    common_utils._botocore_resolver = functools.cache(common_utils._botocore_resolver)


def finish(definition: dict[str, Any]) -> dict[str, Any]:
    """Return *definition* without what the SDK adds for nothing, and with the job role's placeholder."""
    return {key: _finished(value) for key, value in definition.items() if value is not None}


def _finished(node: Any) -> Any:
    match node:
        case dict():
            finished = {
                key: _finished(value)
                for key, value in node.items()
                if value is not None and key not in _SCRIPT_VARIABLES
            }
            return {key: value for key, value in finished.items() if value or key not in _OFTEN_EMPTY}
        case list():
            return [_finished(item) for item in node]
        case str() if node == STAND_IN_ROLE_ARN:
            return JOB_ROLE_ARN
        case _:
            return node
