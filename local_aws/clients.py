"""Clients of this very server, with the credentials of whoever acts."""

import os
import threading
from typing import Any, NamedTuple

import boto3
from botocore.config import Config

_lock = threading.Lock()
_session: Any = boto3.Session()  # its type knows services by their literal names only
_LONGEST_CALL_S = 900
"""A function may run as long."""
_CONFIG = Config(
    s3={"addressing_style": "path"},
    retries={"total_max_attempts": 1},  # a server that is in the same process needs no second try
    read_timeout=_LONGEST_CALL_S,
)


class Credentials(NamedTuple):
    """What requests are signed with."""

    access_key: str
    secret: str
    token: str | None = None


ROOT = Credentials("test", "test")
"""MiniStack's own; the service itself acts with it where AWS asks for nobody's right."""


def client(service: str, region: str, credentials: Credentials) -> Any:
    """Return a client of *service*; it may be used by several threads."""
    with _lock:  # making clients is not safe in several threads
        return _session.client(
            service,
            region_name=region,
            endpoint_url=endpoint(),
            verify=os.environ["AWS_CA_BUNDLE"],
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret,
            aws_session_token=credentials.token,
            config=_CONFIG,
        )


def endpoint() -> str:
    """Return the URL of this server."""
    return f"https://{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"
