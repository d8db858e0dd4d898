"""Every name of MiniStack that is not its public interface and that we depend on, so that one test can look for all."""

import importlib
from collections.abc import Iterator

NAMES = {
    "ministack.app": ("SERVICE_HANDLERS", "_port_is_bindable", "main"),
    "ministack.core.iam_actions": (
        *("SERVICE_TO_IAM_NAMESPACE", "extract_iam_action", "extract_resource_arn", "request_tag_context"),
    ),
    "ministack.core.iam_evaluator": ("EvalContext", "enforce", "evaluate_resource_policy"),
    "ministack.core.responses": (
        *("AccountRegionScopedDict", "error_response_json", "json_response"),
        *("get_account_id", "get_region"),
    ),
    "ministack.core.router": ("SERVICE_PATTERNS",),
    "ministack.services.cloudformation.changesets": ("_IMPORT_LOOKUPS",),
    "ministack.services.cloudformation.provisioners": (
        *("_CUSTOM_NAME_REPLACEMENT", "_REPLACING_PROPERTIES", "_RESOURCE_HANDLERS", "_STACK_TAG_PROPERTY"),
        *("_cw_metric_alarm_record", "_physical_name", "_s3_delete"),
    ),
    "ministack.services.cloudwatch": (
        *("_alarms", "_composite_alarms", "_delete_alarms", "_put_composite_alarm"),
        "cloudformation_set_metric_alarm_tags",
    ),
    "ministack.services.eventbridge": (
        *("_SCHEDULER_TICK_INTERVAL", "_dispatch_event", "_invoke_target"),
        *("_pattern_event_view", "_put_events", "_resolve_http_parameter"),
    ),
    "ministack.services.iam": ("_roles",),
    "ministack.services.s3": ("_bucket_has_versions", "_buckets", "_fire_s3_event"),
    "ministack.services.sns": ("_list_subscriptions_by_topic", "topic_policy_for_arn"),
    "ministack.services.sqs": ("queue_policy_for_arn",),
    "ministack.services.stepfunctions": (
        *("_AWS_SDK_ERROR_PREFIX", "_AWS_SDK_SERVICE_MAP", "_ExecutionError", "_execute_task"),
        *("_invoke_aws_sdk_integration", "_prefix_sdk_error", "_state_machines"),
    ),
    "ministack.services.sts": ("_sessions", "register_session"),
}


def missing() -> list[str]:
    """Return the names that the installed MiniStack does not have."""
    return list(_missing())


def _missing() -> Iterator[str]:
    for module, names in NAMES.items():
        try:
            found = importlib.import_module(module)
        except ImportError:
            yield module
            continue
        yield from (f"{module}.{name}" for name in names if not hasattr(found, name))
