"""Clients of the server, with the credentials of whoever acts: from within it, and from outside."""

import os
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

import boto3
from botocore.config import Config

_lock = threading.Lock()
_session: Any = boto3.Session()  # its type knows services by their literal names only
_LONGEST_CALL_S = 900
"""The longest that a function may run."""
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
    """Return a client of *service* in this very server; it may be used by several threads."""
    return _client(service, region, credentials, endpoint(), os.environ["AWS_CA_BUNDLE"], _CONFIG)


def connect(environment: Mapping[str, str], service: str, credentials: Credentials | None = None) -> Any:
    """Return a client of *service* in the server that *environment*, as `up` prints it, leads to.

    It signs with *credentials*, or else with those of the environment.
    """
    own = Credentials(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])
    url, certificate = environment["AWS_ENDPOINT_URL"], environment["AWS_CA_BUNDLE"]
    return _client(service, environment["AWS_REGION"], credentials or own, url, certificate)


def _client(
    service: str, region: str, credentials: Credentials, url: str, certificate: str, config: Config | None = None
) -> Any:
    with _lock:  # making clients is not safe in several threads
        return _session.client(
            service,
            region_name=region,
            endpoint_url=url,
            verify=certificate,
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret,
            aws_session_token=credentials.token,
            config=config,
        )


def endpoint() -> str:
    """Return the URL of this server."""
    return f"https://{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"
