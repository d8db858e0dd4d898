"""List prices in USD: the one table of them, for diffs, running executions and docs/cost.md.

They are about right, not a bill: look up your region's. What is not here has no price; nothing is guessed from another.
The newest source is of August 2026; none has a price that another contradicts but for rounding.
"""

from collections.abc import Mapping

HOURLY_USD: Mapping[str, Mapping[str, float]] = {
    # ml.m5.large, .xlarge, ml.t3.medium, ml.g4dn.xlarge, ml.g5.xlarge: an invoice for processing, training and hosting
    # alike, in aws-samples/sagemaker-ssh-helper, Sample_Costs.md. Other sizes of a family by their size; ml.c5 by the
    # ratio of EC2's prices in the two regions.
    "eu-west-1": {
        "ml.m5.large": 0.128,
        "ml.m5.xlarge": 0.257,
        "ml.m5.2xlarge": 0.514,
        "ml.m5.4xlarge": 1.028,
        "ml.c5.xlarge": 0.230,
        "ml.c5.2xlarge": 0.461,
        "ml.c5.4xlarge": 0.922,
        "ml.t3.medium": 0.055,
        "ml.t3.large": 0.110,
        "ml.t3.xlarge": 0.220,
        "ml.g4dn.xlarge": 0.822,
        "ml.g5.xlarge": 1.570,
    },
    # JHUAPL-DTC-TA2/wiki, docs/sagemaker_instances.md; ml.m5.large also scott2borg/cs401r-2026-instructor, 2026-08.
    # ml.m5.xlarge and .4xlarge, ml.c5.4xlarge, ml.t3.large and .xlarge by their size.
    "us-east-1": {
        "ml.m5.large": 0.115,
        "ml.m5.xlarge": 0.230,
        "ml.m5.2xlarge": 0.461,
        "ml.m5.4xlarge": 0.922,
        "ml.c5.xlarge": 0.204,
        "ml.c5.2xlarge": 0.408,
        "ml.c5.4xlarge": 0.816,
        "ml.t3.medium": 0.050,
        "ml.t3.large": 0.100,
        "ml.t3.xlarge": 0.200,
    },
}
"""Region -> instance type -> an hour of one instance, whatever it does."""

MONTHLY_USD: Mapping[str, float] = {
    "AWS::KMS::Key": 1.00,  # "AWS Key Management Service pricing"; a rotation adds as much, twice
    "AWS::CloudWatch::Alarm": 0.10,  # "Amazon CloudWatch pricing", of standard resolution, for its one metric
    "AWS::CloudWatch::CompositeAlarm": 0.50,
}
"""Resource type -> a month of one, whether anything runs or not; other types of ours cost by use, which is cents."""

CUSTOM_METRIC_USD = 0.30
"""A month of a metric of ours, of the first 10,000: "Amazon CloudWatch pricing"; of months in which it has data."""

HOURS_A_MONTH = 730

JOB_MINUTES = 4
"""Of one job: steps took 3 to 5 in emanuelGitCodes/aws-mlops-platform-public, wiki/log.md, 2026-08-07."""


def find_hourly_usd(region: str, instance_type: str) -> float | None:
    """Return what an hour of an instance costs, or None where the table does not say.

    >>> find_hourly_usd("eu-west-1", "ml.m5.xlarge"), find_hourly_usd("eu-west-1", "ml.p5.48xlarge")
    (0.257, None)
    """
    return HOURLY_USD.get(region, {}).get(instance_type)
