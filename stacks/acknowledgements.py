"""Findings of cdk-nag that are right as they are: where, which one exactly, and why. Any other fails the synthesis."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from aws_cdk import Acknowledgment, CfnElement, Stack, Token, Validations
from aws_cdk import aws_s3 as s3

from pipeline_definition import names
from settings import Deployment, Stage

_JOBS = "job names end in what the service adds; the prefix is this stage's and no other's"
_PACKAGES = "versions of this one package group, in both spellings that SageMaker uses"
_OBJECTS = "keys hold an execution's id; the prefix says what the role may do there"
_NO_NAMES = "sagemaker:ListEndpoints takes no resource; ids of scalable targets are the service's, with conditions"
_VERSIONS = "names end in a version and a digest; the prefix is this stage's and no other's"
_HISTORY = (
    "each state, with what came in and went out, is in the execution's history for 90 days; to log it once more takes"
    " logs:PutResourcePolicy on everything"
)
_BASELINES = f"models/*/{names.DATA_QUALITY}/{names.DATA_QUALITY_FILE}"
_NO_ACCOUNT = "<AWS::AccountId>"
_NO_RESOURCE = "ecr:GetAuthorizationToken and cloudwatch:PutMetricData take no resource; the latter has a namespace"


class Acknowledged(NamedTuple):
    """One finding at one construct."""

    construct: str
    """Its path below the stack."""
    finding: str
    reason: str


_FAILED_STARTS = Acknowledged("FailedStarts", "AwsSolutions::AwsSolutions-SQS3", "it is a dead-letter queue itself")


def storage_findings(stage: Stage, data_bucket: s3.IBucket) -> list[Acknowledged]:
    """Return what is acknowledged in the storage stack, which has *data_bucket*."""
    bucket = cast(CfnElement, data_bucket.node.default_child)
    objects = f"<{Stack.of(bucket).get_logical_id(bucket)}.Arn>/models/*"
    found = [("Approvers", f"model-package/{group}/*", _PACKAGES) for group in _groups(stage)]
    return [
        *(Acknowledged(path, _resource(stage, resource), reason) for path, resource, reason in found),
        *(
            Acknowledged("Approvers", _wildcard(f"{objects}/{output}/*"), _OBJECTS)
            for output in (names.EVALUATION, names.DATA_QUALITY)
        ),
    ]


def pipeline_findings(stage: Stage, data_bucket: s3.IBucket) -> list[Acknowledged]:
    """Return what is acknowledged in the pipeline stack, which imports *data_bucket*."""
    bucket = _import_name(data_bucket)
    card = (names.CARD_FILE,) if stage.registration.card else ()
    figures = [f"{names.EVALUATION}/{file}" for file in (names.EVALUATION_FILE, *card)]
    training = (
        f"hyper-parameter-tuning-job/{stage.tuning_job_prefix}-*"
        if stage.training.tuning
        else f"training-job/{stage.job_prefix}-*"
    )
    return [
        _FAILED_STARTS,
        *(
            Acknowledged(role, _resource(stage, f"model-package/{group}/*"), _PACKAGES)
            for role in ("FindChampion", "PipelineRole")
            for group in _groups(stage)
        ),
        *(
            Acknowledged("PipelineRole", _resource(stage, f"processing-job/{stage.job_prefix}-{job}-*"), _JOBS)
            for job in (job.replace("_", "-") for job in names.JOBS)
        ),
        Acknowledged("PipelineRole", _resource(stage, training), _JOBS),
        *(
            Acknowledged("PipelineRole", _wildcard(f"{bucket}/models/*/{name}"), _OBJECTS)
            for name in (*figures, names.MODEL_FILE, f"{names.SERVING}/*.tar.gz")
        ),
        *_job_findings(stage, data_bucket, ("raw/*", "executions/*", "models/*")),
    ]


def scoring_findings(stage: Stage, data_bucket: s3.IBucket) -> list[Acknowledged]:
    """Return what is acknowledged in the scoring stack, which imports *data_bucket*."""
    artefacts = f"models/*/{names.SERVING}/{names.SERVING_FILE}"
    jobs = [names.SCORE_JOB, *([names.MONITOR_JOB] if stage.monitoring else [])]
    watched = (_BASELINES, "monitoring/*") if stage.monitoring else ()
    keys = ("scoring/*", artefacts, "predictions/*", *watched)
    return _champion_use_findings(stage, data_bucket, jobs, keys)


def monitoring_findings(stage: Stage, data_bucket: s3.IBucket) -> list[Acknowledged]:
    """Return what is acknowledged in the monitoring stack, which imports *data_bucket*."""
    of_models = (
        _BASELINES,
        f"models/*/{names.FEATURE_MODEL}/*",
        f"models/*/{names.EVALUATION}/{names.EVALUATION_FILE}",
    )
    keys = ("capture/*", "raw/*", "monitoring/*", *of_models)
    return _champion_use_findings(stage, data_bucket, [names.MONITOR_JOB], keys)


def _champion_use_findings(
    stage: Stage, data_bucket: s3.IBucket, jobs: Sequence[str], keys: Sequence[str]
) -> list[Acknowledged]:
    """Return what is acknowledged in the stack of a pipeline that runs *jobs*, which read and write *keys*."""
    findings = f"{_import_name(data_bucket)}/monitoring/*/{names.MONITORING_FILE}"
    return [
        _FAILED_STARTS,
        *(
            Acknowledged("FindChampion", _resource(stage, f"model-package/{group}/*"), _PACKAGES)
            for group in _groups(stage)
        ),
        *(
            Acknowledged("PipelineRole", _resource(stage, f"processing-job/{stage.job_prefix}-{job}-*"), _JOBS)
            for job in jobs
        ),
        *([Acknowledged("PipelineRole", _wildcard(findings), _OBJECTS)] if names.MONITOR_JOB in jobs else []),
        *_job_findings(stage, data_bucket, keys),
    ]


def _job_findings(stage: Stage, data_bucket: s3.IBucket, keys: Sequence[str]) -> list[Acknowledged]:
    """Return what is acknowledged of a role of jobs that read and write *keys* of *data_bucket*."""
    qualifier = Stack.of(data_bucket).synthesizer.bootstrap_qualifier
    code = f"arn:aws:s3:::cdk-{qualifier}-assets-{_NO_ACCOUNT}-{stage.region}/*.zip"
    logs = f"arn:aws:logs:{stage.region}:<AWS::AccountId>:log-group:/aws/sagemaker/*"
    return [
        *(Acknowledged("JobRole", _wildcard(f"{_import_name(data_bucket)}/{key}"), _OBJECTS) for key in keys),
        Acknowledged("JobRole", _wildcard(code), "an execution that began before a deployment still needs its code"),
        Acknowledged("JobRole", _wildcard(logs), "log groups of jobs belong to SageMaker and are the account's"),
        Acknowledged("JobRole", _wildcard("*"), _NO_RESOURCE),
    ]


def deployment_findings(stage: Stage, options: Deployment, data_bucket: s3.IBucket) -> list[Acknowledged]:
    """Return what is acknowledged in the deployment stack, which imports *data_bucket*."""
    logs = f"arn:aws:logs:{stage.region}:{_NO_ACCOUNT}:log-group:{stage.endpoint_log_group}:*"
    arn, bucket = f":{stage.region}:{_NO_ACCOUNT}:", _import_name(data_bucket)
    alarms = f"arn:aws:cloudwatch{arn}alarm:TargetTracking-endpoint/{stage.endpoint_name}/*"
    return [
        _FAILED_STARTS,
        Acknowledged("Machine", "AwsSolutions::AwsSolutions-SF1", _HISTORY),
        Acknowledged("Machine", "AwsSolutions::AwsSolutions-SF2", _HISTORY),
        *(
            Acknowledged("MachineRole", _resource(stage, f"model-package/{group}/*"), _PACKAGES)
            for group in _groups(stage)
        ),
        *(
            Acknowledged("MachineRole", _resource(stage, f"{kind}/{stage.endpoint_name}-v*"), _VERSIONS)
            for kind in ("endpoint-config", "model")
        ),
        Acknowledged("MachineRole", _wildcard("*"), _NO_NAMES),
        *([Acknowledged("MachineRole", _wildcard(alarms), _JOBS)] if options.autoscaling else []),
        Acknowledged("ServingRole", _wildcard(f"{bucket}/models/*/{names.SERVING}/{names.SERVING_FILE}"), _OBJECTS),
        Acknowledged("MachineRole", _wildcard(f"{bucket}/models/*/{names.SERVING}/{names.SMOKE_TEST_FILE}"), _OBJECTS),
        *([Acknowledged("ServingRole", _wildcard(f"{bucket}/capture/*"), _OBJECTS)] if options.capture_percent else []),
        Acknowledged("ServingRole", _wildcard(logs), "streams of the endpoint's own log group"),
        Acknowledged("ServingRole", _wildcard("*"), _NO_RESOURCE),
    ]


def _import_name(data_bucket: s3.IBucket) -> str:
    """Return what other stacks know the ARN of *data_bucket* by."""
    storage = Stack.of(data_bucket)
    name: str = storage.resolve(storage.export_value(data_bucket.bucket_arn))["Fn::ImportValue"]
    return name


def acknowledge(stack: Stack, findings: list[Acknowledged]) -> None:
    """Acknowledge *findings* in *stack*; each stays in the validation report, with its reason."""
    # A finding quotes the account where synthesis knows it, as it does in a deployment.
    account = _NO_ACCOUNT if Token.is_unresolved(stack.account) else stack.account
    for construct, finding, reason in findings:
        scope = stack.node.find_child(construct)
        known = finding.replace(_NO_ACCOUNT, account)
        Validations.of(scope).acknowledge(Acknowledgment(id=known, reason=reason))


def _groups(stage: Stage) -> tuple[str, str]:
    return stage.model_package_group_name, stage.model_package_group_name.lower()


def _resource(stage: Stage, resource: str) -> str:
    return _wildcard(f"arn:aws:sagemaker:{stage.region}:<AWS::AccountId>:{resource}")


def _wildcard(resource: str) -> str:
    return f"AwsSolutions::AwsSolutions-IAM5[Resource::{resource}]"
