"""Names that the definition uses for what only the deployment knows, written `${Name}` as CloudFormation does.

The SDK takes them for ordinary text, so no CDK token ever reaches it. A construct binds them with `Fn::Sub`.
"""

import re
from collections.abc import Mapping

from pipeline_definition.names import JOBS, MONITOR_JOB, SCORE_JOB

DATA_BUCKET = "${DataBucket}"
CODE_BUCKET = "${CodeBucket}"
CODE: Mapping[str, str] = {job: f"${{{job.title().replace('_', '')}Code}}" for job in (*JOBS, SCORE_JOB, MONITOR_JOB)}
"""Module of `processing.jobs` -> object key of its archive in the code bucket; the key names the content."""
SPARK_LIBRARIES = "${SparkLibraries}"
"""Object key, in the code bucket, of the archive of Python libraries that the Spark image lacks."""
NO_CHAMPION = "${NoChampion}"
"""Object key, in the code bucket, of the file that stands for a champion where there is none."""
FIND_CHAMPION_ARN = "${FindChampionArn}"
FIND_TRAFFIC_ARN = "${FindTrafficArn}"
PUBLISH_QUALITY_ARN = "${PublishQualityArn}"
JOB_ROLE_ARN = "${JobRoleArn}"
KEY_ARN = "${KeyArn}"
"""Of the key that encrypts volumes and outputs."""

EXAMPLES: Mapping[str, str] = {
    DATA_BUCKET: "emp-bonus-example-data",
    CODE_BUCKET: "cdk-hnb659fds-assets-111122223333-eu-west-1",
    **{token: f"{number:064x}.zip" for number, token in enumerate(CODE.values())},
    NO_CHAMPION: f"{len(CODE):064x}.json",
    SPARK_LIBRARIES: f"{len(CODE) + 1:064x}.zip",
    **{
        arn: f"arn:aws:lambda:eu-west-1:111122223333:function:emp-bonus-example-{name}"
        for arn, name in (
            (FIND_CHAMPION_ARN, "FindChampion"),
            (FIND_TRAFFIC_ARN, "FindTraffic"),
            (PUBLISH_QUALITY_ARN, "PublishQuality"),
        )
    },
    KEY_ARN: "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000",
    JOB_ROLE_ARN: "arn:aws:iam::111122223333:role/emp-bonus-example-JobRole",
}
"""A value of the right form for each, so that a definition can be checked before it is deployed."""

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")


class UnboundPlaceholderError(ValueError):
    """A placeholder in the definition that has no value."""


def bind(definition: str, values: Mapping[str, str]) -> str:
    """Return *definition* with each placeholder replaced by its value.

    >>> bind('{"S3Uri": "s3://${DataBucket}/raw/"}', {"${DataBucket}": "data"})
    '{"S3Uri": "s3://data/raw/"}'
    """

    def value(match: re.Match[str]) -> str:
        if match[0] not in values:
            raise UnboundPlaceholderError(f"{match[0]} has no value: bind it, or declare it in placeholders.py")
        return values[match[0]]

    return _PLACEHOLDER.sub(value, definition)


def variables(definition: str) -> set[str]:
    """Return the placeholders that *definition* uses."""
    return set(_PLACEHOLDER.findall(definition))


def name_of(placeholder: str) -> str:
    """Return the name in *placeholder*, as `Fn::Sub` maps it to a value."""
    return placeholder.removeprefix("${").removesuffix("}")
