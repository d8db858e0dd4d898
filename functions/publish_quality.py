"""Publishes how good the champion is on rows that are new to it: one line of its log, of which metrics are made."""

import json
import time
from collections.abc import Mapping

NAMESPACE = "EmpBonus"
DIMENSION = "Pipeline"
METRICS = ("ChampionRmse", "ChallengerRmse", "ChampionWorse")

NAME_OF_NONE = "none"


def handler(event: dict[str, str], _context: object) -> dict[str, str]:
    """Answer the pipeline's step, which reads nothing of the answer."""
    if event["Champion"] != NAME_OF_NONE:
        print(format_metrics(event, time.time()))  # noqa: T201  what is printed is logged
    return {}


def format_metrics(event: Mapping[str, str], now_s: float) -> str:
    """Return the metrics of *event* as one line that CloudWatch Logs reads metrics from.

    Lambda logs what is printed, and nothing more is needed: "Using the embedded metric format with Lambda" and
    "Specification: Embedded metric format" in the CloudWatch user guide.
    """
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": "None"} for name in METRICS],
    }
    return json.dumps(
        {
            "_aws": {"Timestamp": int(now_s * 1_000), "CloudWatchMetrics": [directive]},
            DIMENSION: event[DIMENSION],
            **{name: float(event[name]) for name in METRICS},
        },
        allow_nan=False,
    )
