"""AWS::CloudWatch::Alarm on a math expression, which MiniStack's CloudFormation refuses; nothing evaluates it here."""

from ministack.services.cloudformation import provisioners

from local_aws.cloudformation.schema import Properties, ResourceType

TYPE = ResourceType("AWS::CloudWatch::Alarm", "AlarmName")
_OF_ONE_METRIC = frozenset(
    ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit")
)
_record_of_one_metric = provisioners._cw_metric_alarm_record


def record(name: str, properties: Properties) -> Properties:
    """Return the alarm called *name* as CloudWatch keeps it."""
    if "Metrics" not in properties:
        found: Properties = _record_of_one_metric(name, properties)
        return found
    TYPE.check(properties)
    without = {key: value for key, value in properties.items() if key != "Metrics"}
    alarm = _record_of_one_metric(name, without | {"MetricName": "none", "Namespace": "none"})
    kept = {key: value for key, value in alarm.items() if key not in _OF_ONE_METRIC}
    return kept | {"Metrics": properties["Metrics"]}


def install() -> None:
    """Teach MiniStack the property."""
    provisioners._cw_metric_alarm_record = record
