"""Ends: what is served is scaled and asked, and what cannot be done is said."""

from pipeline_definition.names import SERVING_FILE, SMOKE_TEST_FILE
from stacks.deployment.machine.states import State, States, call, choose, evaluate, fail
from stacks.deployment.plan import EndpointPlan

RELATIVE_TOLERANCE = 1e-9
"""Between the answer of the endpoint and that of the evaluation, which are of the same code."""

_DONE: State = {"Type": "Succeed"}
_ENDS: States = {
    "Served": _DONE,
    "NothingToDo": _DONE,
    "TriedBefore": _DONE,
    "NoneApproved": fail("NoneApproved", "'no version is approved any longer, and one stays in service'"),
    "NotServable": fail("NotServable", "'version ' & $version & ' has no container for raw records: make a new one'"),
    "RolledBack": fail("RolledBack", "$name & ' was rolled back, in service is ' & $served & ': ' & $reason"),
    "EndpointFailed": fail("EndpointFailed", "$name & ': ' & $reason"),
    "EndpointVanished": fail("EndpointVanished", "$name & ' was deleted while it was deployed'"),
    "NeedsAPerson": fail("NeedsAPerson", "'the endpoint is ' & $status & ': ' & $reason"),
    "WrongAnswer": fail(
        "WrongAnswer", "$name & ' should predict ' & $string($expected) & ' for the sample: ' & $answer"
    ),
}
"""In success, or with what people are told."""


def finish(plan: EndpointPlan) -> States:
    """Return the states that come after a change, or in place of one."""
    return {
        "InService": {"Type": "Pass", "Next": "Scale" if plan.options.autoscaling else "ReadSmokeTest"},
        **_scale(plan),
        **_ask(plan.endpoint_name),
        **_ENDS,
    }


def _ask(endpoint: str) -> States:
    """Return the states that ask *endpoint* what the evaluation has written down with its answer."""
    return {
        "ReadSmokeTest": call(
            "s3:getObject",
            {
                "Bucket": evaluate("$split($artefact, '/')[2]"),
                "Key": evaluate(
                    "$substringBefore($substringAfter($substringAfter($artefact, '//'), '/'),"
                    f" '{SERVING_FILE}') & '{SMOKE_TEST_FILE}'"
                ),
            },
            assign={
                "sample": evaluate("$parse($states.result.Body).body"),
                "sample_type": evaluate("$parse($states.result.Body).content_type"),
                "expected": evaluate("$parse($states.result.Body).prediction"),
            },
            then="AskEndpoint",
        ),
        "AskEndpoint": call(
            "sagemakerruntime:invokeEndpoint",
            {
                "EndpointName": endpoint,
                "ContentType": evaluate("$sample_type"),
                "Accept": "application/json",
                "Body": evaluate("$sample"),
            },
            assign={"answer": evaluate("$string($states.result.Body)")},
            then="RightAnswer?",
        ),
        "RightAnswer?": choose((_is_right(), "Served"), otherwise="WrongAnswer"),
    }


def _scale(plan: EndpointPlan) -> States:
    scaling = plan.options.autoscaling
    if scaling is None:
        return {}
    return {
        "Scale": call(
            "applicationautoscaling:registerScalableTarget",
            {
                **plan.scalable_target,
                "MinCapacity": plan.options.instance_count,
                "MaxCapacity": scaling.maximum_count,
            },
            then="SetTarget",
        ),
        "SetTarget": call(
            "applicationautoscaling:putScalingPolicy",
            {
                **plan.scalable_target,
                "PolicyName": plan.endpoint_name,
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": scaling.invocations_per_minute,
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
                },
            },
            then="ReadSmokeTest",
        ),
    }


def _is_right() -> str:
    """Return the condition that the endpoint answers the sample as the evaluation did."""
    return (
        "( $found := $parse($answer).predictions[0].prediction; "
        f" $exists($found) and $abs($found - $expected) <= {RELATIVE_TOLERANCE} * $max([1, $abs($expected)]) )"
    )
