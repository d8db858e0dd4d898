"""Rules about the model versions that are registered."""

from collections.abc import Iterator, Mapping

from settings.card import SECTIONS
from settings.checks.problem import Problem
from settings.checks.rules import Rule, choice_as, items, text, words
from settings.options import Stage

REGISTRATION: Mapping[str, Rule] = {
    "registration.inference_instance_types": items(
        choice_as("ProductionVariantInstanceType", "ml.m5.xlarge"), "instance types"
    ),
    "registration.transform_instance_types": items(
        choice_as("TransformInstanceType", "ml.m5.xlarge"), "instance types", 1
    ),
    # `CustomerMetadataValue` of the service's model; its pattern is Java's.
    "registration.model_type": text(
        r"[\w .:/=+@-]{1,256}", "give 1 to 256 letters, digits, spaces and characters of _.:/=+-@"
    ),
    "registration.allowed_approval_statuses": items(
        choice_as("ModelApprovalStatus", "PendingManualApproval"), "statuses", 1
    ),
    **{
        f"registration.card.{name}": words(most)
        for texts in SECTIONS.values()
        for name, most in texts.items()
        if name != "risk_rating"  # it is one of four words, as its type says
    },
}


def check_approval(stage: Stage) -> Iterator[Problem]:
    """Yield a default status where a start could not choose it."""
    registration = stage.registration
    if registration.approval_status not in registration.allowed_approval_statuses:
        yield Problem(
            "registration.approval_status",
            f"is {registration.approval_status!r}, which is not in allowed_approval_statuses: add it there, or choose"
            f" {' or '.join(map(repr, registration.allowed_approval_statuses))}",
        )
