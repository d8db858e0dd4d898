"""The machine as a whole: where a pass begins, how it waits, and what it does about a refused call."""

from typing import Any

from stacks.deployment.machine.change import change
from stacks.deployment.machine.finish import finish
from stacks.deployment.machine.look import look
from stacks.deployment.machine.states import States, choose, evaluate, fail
from stacks.deployment.plan import EndpointPlan

MOST_FAILURES = 5
"""Refusals of one execution that may pass, such as throttling, and a configuration that is not found yet."""
TIMEOUT_S = 4 * 3_600
"""With the wait between passes, well below the 25,000 events that one execution may have."""


def build_machine(plan: EndpointPlan, digest: str, *, wait_s: int = 30) -> dict[str, Any]:
    """Return the definition; *digest* is that of the plan's settings, *wait_s* the time between two passes."""
    return {
        "Comment": f"Serves the newest approved version of {plan.model_package_group} at {plan.endpoint_name}",
        "QueryLanguage": "JSONata",
        "StartAt": "Begin",
        "TimeoutSeconds": TIMEOUT_S,
        "States": {**_begin(), **look(plan, digest), **change(plan, digest), **finish(plan), **_wait(wait_s)},
    }


def _begin() -> States:
    nothing = dict.fromkeys(("error", "cause", "token", "tried", "configured", "served", "status"), evaluate("''"))
    return {
        "Begin": {
            "Type": "Pass",
            "Assign": {
                **nothing,
                "failures": evaluate("0"),
                "backwards": evaluate("false"),
                # The hourly pass finds what an event was lost for; only events and people try again what failed.
                "retry": evaluate("$states.input.retry = true"),
            },
            "Next": "FindEndpoint",
        }
    }


def _wait(wait_s: int) -> States:
    return {
        "Trouble": choose(
            # Somebody else is at it, which is no failure.
            ("$contains($cause, 'already existing') or $contains($cause, 'in-progress')", "Wait"),
            (f"$failures < {MOST_FAILURES}", "CountFailure"),
            otherwise="Refused",
        ),
        "CountFailure": {"Type": "Pass", "Assign": {"failures": evaluate("$failures + 1")}, "Next": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": wait_s, "Next": "FindEndpoint"},
        "Refused": fail("Refused", "$error & ': ' & $cause"),
    }
