"""What CloudTrail has of the calls of the pipeline's role and the jobs' role."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from operations.aws import Aws
from operations.verify_account.deployment import Deployment
from operations.verify_account.observations import Call

SOURCES = ("sagemaker", "lambda", "kms", "logs")
"""Services whose management events those roles may be in; S3's reads and writes of objects are not among them."""
MOST_EVENTS = 10_000
"""Of a service: a busy account has many, and CloudTrail answers two questions of fifty a second."""


def find_calls(deployment: Deployment, aws: Aws, since: datetime) -> list[Call]:
    """Return the calls of both roles since then, each kind once."""
    pages = aws.client("cloudtrail").get_paginator("lookup_events")
    found: Counter[Call] = Counter()
    for source in SOURCES:
        by_source = [{"AttributeKey": "EventSource", "AttributeValue": f"{source}.amazonaws.com"}]
        limits = {"MaxItems": MOST_EVENTS, "PageSize": 50}
        for page in pages.paginate(LookupAttributes=by_source, StartTime=since, PaginationConfig=limits):
            found.update(read_calls((each["CloudTrailEvent"] for each in page["Events"]), deployment.roles))
    return sorted(replace(call, times=times) for call, times in found.items())


def read_calls(events: Iterable[str], roles: Mapping[str, str]) -> Iterable[Call]:
    """Yield the calls in *events* that were made as one of *roles*, name of the role -> what we call it."""
    for event in map(json.loads, events):
        match event.get("userIdentity"):
            case {"arn": str(arn), "sessionContext": {"sessionIssuer": {"userName": str(role)}}} if role in roles:
                # The id is twelve letters and digits; a step's name, which may follow, has capitals.
                session = re.sub(r"-[a-z0-9]{12}(?=-|$)", "-<execution>", arn.rpartition("/")[2])
                yield Call(roles[role], event["eventName"], event.get("errorCode", ""), session)
