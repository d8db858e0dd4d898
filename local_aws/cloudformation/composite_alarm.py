"""AWS::CloudWatch::CompositeAlarm, which MiniStack has in its API but not in CloudFormation."""

import json
from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from local_aws.cloudformation.schema import Properties, ResourceType

TYPE = ResourceType("AWS::CloudWatch::CompositeAlarm", "AlarmName")


class AlarmError(ValueError):
    """CloudWatch refused the alarm."""


def create(logical_id: str, properties: Properties, stack: str) -> tuple[str, Properties]:
    """Create the alarm; return what Ref and Fn::GetAtt give."""
    name = properties.get("AlarmName") or provisioners._physical_name(stack, logical_id, max_len=255)
    return _put(str(name), properties)


def update(physical_id: str, old: Properties, new: Properties, *_: str) -> tuple[str, Properties]:  # noqa: ARG001  MiniStack's interface
    """Change the alarm in place."""
    return _put(physical_id, new)


def delete(physical_id: str, properties: Properties) -> None:  # noqa: ARG001  MiniStack's interface
    """Delete the alarm, unless another is made of it."""
    _answered(cloudwatch._delete_alarms({}, {"AlarmNames": [physical_id]}, is_cbor=False, is_json=True))


def install() -> None:
    """Add the type."""
    TYPE.register({"create": create, "update": update, "delete": delete})


def _put(name: str, properties: Properties) -> tuple[str, Properties]:
    TYPE.check(properties)
    # CloudFormation may set tags of the system's own, which a request may not.
    request = {key: value for key, value in properties.items() if key != "Tags"} | {"AlarmName": name}
    _answered(cloudwatch._put_composite_alarm({}, request, is_cbor=False, is_json=True))
    cloudwatch.cloudformation_set_metric_alarm_tags(name, properties.get("Tags", []))
    return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}


def _answered(answer: Any) -> None:
    status, _, body = answer
    if status >= 400:
        raise AlarmError(json.loads(body).get("message", body))
