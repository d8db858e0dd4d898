"""What there is in the account, of all kinds that the application deploys."""

from typing import Any

from tests.end_to_end.local_aws.aws import LocalAws


def inventory(aws: LocalAws) -> dict[str, set[str]]:
    """Return the names of what there is, by kind, but for the bootstrap's roles, and keys that wait for their end."""
    alarms = aws.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    sagemaker = aws.client("sagemaker")
    return {
        "stacks": names(aws.client("cloudformation").describe_stacks()["Stacks"], "StackName"),
        "buckets": names(aws.client("s3").list_buckets()["Buckets"], "Name"),
        "keys": {key for key in names(aws.client("kms").list_keys()["Keys"], "KeyId") if is_enabled(aws, key)},
        "groups": names(sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"], "ModelPackageGroupArn"),
        "pipelines": names(sagemaker.list_pipelines()["PipelineSummaries"], "PipelineName"),
        "roles": {r for r in names(aws.client("iam").list_roles()["Roles"], "RoleName") if r.startswith("emp-bonus")},
        "policies": names(aws.client("iam").list_policies(Scope="Local")["Policies"], "PolicyName"),
        "functions": names(aws.client("lambda").list_functions()["Functions"], "FunctionName"),
        "queues": set(aws.client("sqs").list_queues().get("QueueUrls", [])),
        "topics": names(aws.client("sns").list_topics()["Topics"], "TopicArn"),
        "rules": names(aws.client("events").list_rules()["Rules"], "Name"),
        "alarms": names(alarms["MetricAlarms"] + alarms["CompositeAlarms"], "AlarmName"),
        "dashboards": names(aws.client("cloudwatch").list_dashboards().get("DashboardEntries", []), "DashboardName"),
        "log groups": names(aws.client("logs").describe_log_groups()["logGroups"], "logGroupName"),
    }


def what_is_left(aws: LocalAws) -> dict[str, set[str]]:
    """Return the inventory without the kinds of which there is none."""
    return {kind: found for kind, found in inventory(aws).items() if found}


def is_enabled(aws: LocalAws, key: str) -> bool:
    """Return whether a key can be used; CloudFormation does not delete a key at once."""
    return bool(aws.client("kms").describe_key(KeyId=key)["KeyMetadata"]["Enabled"])


def names(records: list[dict[str, Any]], name: str) -> set[str]:
    return {each[name] for each in records}
