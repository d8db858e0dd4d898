"""What the steps of any pipeline need: the role of its jobs, the functions, their code."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets

from artefacts.definition.images import find_images
from pipeline_definition import placeholders
from settings import Stage
from stacks.training.champion_finder import ChampionFinder
from stacks.training.code_archive import FUNCTIONS
from stacks.training.code_asset import add_code
from stacks.training.job_role import JobRole


@dataclass(frozen=True)
class StepNeeds:
    """What was added for the steps of a pipeline."""

    job_role: iam.IRole
    functions: Sequence[lambda_.IFunction]
    values: Mapping[str, str]
    """Of the definition's placeholders."""


def add_step_needs(
    stack: Stack,
    *,
    stage: Stage,
    definition: str,
    programs: Sequence[str],
    functions: Mapping[str, lambda_.IFunction],
    data_bucket: s3.IBucket,
    reads: Sequence[str],
    writes: Sequence[str],
    key: kms.IKey,
) -> StepNeeds:
    """Add what the steps of *definition* need, whose jobs run *programs*.

    *functions* are what they call but the champion finder, by placeholder; *reads* and *writes* are as in `JobRole`.
    """
    no_champion = s3_assets.Asset(stack, "NoChampion", path=str(FUNCTIONS / "no_champion.json"))
    job_role = JobRole(
        stack,
        "JobRole",
        images=find_images(json.loads(definition)["Steps"]),
        data_bucket=data_bucket,
        reads=reads,
        writes=writes,
        key_arn=key.key_arn,
        no_champion=no_champion,
        has_network=stage.security.network is not None,
    ).role
    finder = ChampionFinder(stack, "FindChampion", stage=stage, key=key).function
    called = {placeholders.FIND_CHAMPION_ARN: finder, **functions}
    values = {
        placeholders.DATA_BUCKET: data_bucket.bucket_name,
        placeholders.CODE_BUCKET: no_champion.s3_bucket_name,
        placeholders.KEY_ARN: key.key_arn,
        placeholders.JOB_ROLE_ARN: job_role.role_arn,
        **{token: function.function_arn for token, function in called.items()},
        placeholders.NO_CHAMPION: no_champion.s3_object_key,
        **add_code(stack, programs, stage),
    }
    return StepNeeds(job_role, tuple(called.values()), values)
