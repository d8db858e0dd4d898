"""The dangers that were thought of by name: requests that must be denied, whatever the definition says."""

from collections.abc import Iterator

from artefacts.iam.evaluator import Request
from tests.security.denials import OTHER_ACCOUNT, Denial
from tests.security.deployed_stage import ACCOUNT, DeployedStage
from tests.security.execution import Execution
from tests.security.needs.application import executions
from tests.security.needs.jobs import JOB_STEPS
from tests.security.needs.people import approvers
from tests.security.needs.steps import job_arn, members, pipeline_role
from tests.security.world import ADMINISTRATOR, KEY_OF_OTHERS

STATUSES = ("Approved", "PendingManualApproval", "Rejected")


def dangers_of(application: DeployedStage) -> tuple[Denial, ...]:
    """Return the dangers to *application*."""
    rules = (
        _of_jobs,
        _of_the_pipeline,
        _of_functions,
        _of_starts,
        _of_deployment,
        _of_approvers,
        _of_keys,
        _of_plain_lines,
    )
    more = {"scoring": (_of_scoring,), "monitoring": (_of_monitoring,)}.get(application.name.partition(" ")[2], ())
    parts = _Parts(application)
    return tuple(danger for rule in (*rules, *more) for danger in rule(parts))


class _Parts:
    """What the rows below speak of."""

    def __init__(self, application: DeployedStage) -> None:
        account, stage = application.deployment.account, application.stage
        *_, execution = executions(application)
        self.application, self.account, self.execution = application, account, execution
        self.pipeline_role = pipeline_role(application)
        self.approvers = approvers(application)
        (self.pipeline,) = (each.arn for each in application.resources("AWS::SageMaker::Pipeline"))
        self.bucket = f"arn:aws:s3:::{application.output('DataBucketName')}"
        self.code = f"arn:aws:s3:::cdk-hnb659fds-assets-{account.id}-{account.region}"
        self.package = account.arn("sagemaker", f"model-package/{stage.model_package_group_name}/7")
        self.jobs = [step for step in execution.steps if step.type in JOB_STEPS]
        self.job_role: str = next(members(execution.arguments(self.jobs[0]), "RoleArn"))
        self.functions = {each.path: each for each in application.resources("AWS::Lambda::Function")}

    @property
    def roles(self) -> dict[str, str]:
        """Every role of the stage."""
        return {role.path: role.arn for role in self.application.resources("AWS::IAM::Role")}


def _of_jobs(parts: _Parts) -> Iterator[Denial]:
    for name, action, resource in (
        ("a job changes raw data", "s3:PutObject", f"{parts.bucket}/raw/employees.csv"),
        ("a job writes beside the known prefixes", "s3:PutObject", f"{parts.bucket}/elsewhere/x.csv"),
        ("a job reads beside the known prefixes", "s3:GetObject", f"{parts.bucket}/elsewhere/x.csv"),
        ("a job deletes a model", "s3:DeleteObject", f"{parts.bucket}/models/first/model.tar.gz"),
        ("a job reads what was predicted", "s3:GetObject", f"{parts.bucket}/predictions/first/predictions.csv"),
        ("a job deletes raw data", "s3:DeleteObject", f"{parts.bucket}/raw/employees.csv"),
        ("a job changes code", "s3:PutObject", f"{parts.code}/{'0' * 64}.zip"),
        ("a job reads a template among the assets", "s3:GetObject", f"{parts.code}/{'0' * 64}.json"),
        ("a job reads another bucket", "s3:GetObject", "arn:aws:s3:::payroll/2026.csv"),
        ("a job lists all buckets", "s3:ListAllMyBuckets", "*"),
        ("a job starts the pipeline", "sagemaker:StartPipelineExecution", parts.pipeline),
        ("a job approves a model", "sagemaker:UpdateModelPackage", parts.package),
        ("a job registers a model", "sagemaker:CreateModelPackage", parts.package),
        ("a job passes its role on", "iam:PassRole", parts.job_role),
        ("a job becomes the pipeline", "sts:AssumeRole", parts.pipeline_role),
        ("a job writes into a function's logs", "logs:PutLogEvents", _log(parts, "/aws/lambda/payroll")),
    ):
        yield Denial(name, Request(parts.job_role, action, resource))


def _of_scoring(parts: _Parts) -> Iterator[Denial]:
    for name, action, key in (
        ("a scoring job reads raw data", "s3:GetObject", "raw/employees.csv"),
        ("a scoring job reads more than the artefact", "s3:GetObject", "models/first/serving/smoke_test.json"),
        ("a scoring job reads more of the statistics", "s3:GetObject", "models/first/data-quality/x.csv"),
        ("a scoring job changes a model", "s3:PutObject", "models/first/serving/model.tar.gz"),
        ("a scoring job changes what it is to score", "s3:PutObject", "scoring/employees.csv"),
    ):
        yield Denial(name, Request(parts.job_role, action, f"{parts.bucket}/{key}"))


def _of_monitoring(parts: _Parts) -> Iterator[Denial]:
    for name, action, key in (
        ("a monitoring job reads a model", "s3:GetObject", "models/first/serving/model.tar.gz"),
        ("a monitoring job reads more of the statistics", "s3:GetObject", "models/first/data-quality/x.csv"),
        ("a monitoring job reads more of an evaluation", "s3:GetObject", "models/first/evaluation/x.csv"),
        ("a monitoring job reads what is to be scored", "s3:GetObject", "scoring/employees.csv"),
        ("a monitoring job changes answers", "s3:PutObject", "capture/emp-bonus-dev/a.jsonl"),
        (
            "a monitoring job changes what it compares with",
            "s3:PutObject",
            "models/first/data-quality/data_quality.json",
        ),
    ):
        yield Denial(name, Request(parts.job_role, action, f"{parts.bucket}/{key}"))


def _log(parts: _Parts, group: str) -> str:
    return parts.account.arn("logs", f"log-group:{group}:log-stream:x")


def _of_the_pipeline(parts: _Parts) -> Iterator[Denial]:
    passing = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    evaluation = f"{parts.bucket}/models/first/evaluation"
    for name, action, resource, context in (
        ("the pipeline approves a model", "sagemaker:UpdateModelPackage", parts.package, {}),
        ("the pipeline passes itself", "iam:PassRole", parts.pipeline_role, passing),
        ("the pipeline passes a role of others", "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/Admin", passing),
        ("the pipeline deploys a model", "sagemaker:CreateEndpoint", "*", {}),
        ("the pipeline starts itself", "sagemaker:StartPipelineExecution", parts.pipeline, {}),
        ("the pipeline changes itself", "sagemaker:UpdatePipeline", parts.pipeline, {}),
        ("the pipeline reads raw data", "s3:GetObject", f"{parts.bucket}/raw/employees.csv", {}),
        ("the pipeline reads more than artefacts", "s3:GetObject", f"{parts.bucket}/models/first/output/x.csv", {}),
        ("the pipeline changes a model", "s3:PutObject", f"{parts.bucket}/models/first/output/model.tar.gz", {}),
        ("the pipeline reads more of an evaluation", "s3:GetObject", f"{evaluation}/predictions.csv", {}),
        ("the pipeline reads a smoke test", "s3:GetObject", f"{parts.bucket}/models/first/serving/smoke_test.json", {}),
        ("the pipeline reads more of what was found", "s3:GetObject", f"{parts.bucket}/monitoring/first/x.csv", {}),
        ("the pipeline changes the figures", "s3:PutObject", f"{evaluation}/evaluation.json", {}),
    ):
        yield Denial(name, Request(parts.pipeline_role, action, resource, context))
    for step in parts.jobs:
        job = job_arn(parts.application, parts.execution, step)
        name = parts.execution.job_name(step)
        for verb in ("Create", "Stop"):
            action = f"sagemaker:{verb}{_kind(step.type)}"
            resource = job.replace(name, f"pipelines-{name}")
            yield Denial(f"the pipeline's {action} on a job of others", Request(parts.pipeline_role, action, resource))
    yield from _forbidden_statuses(parts)


def _kind(step_type: str) -> str:
    return {"Processing": "ProcessingJob", "Training": "TrainingJob", "Tuning": "HyperParameterTuningJob"}[step_type]


def _forbidden_statuses(parts: _Parts) -> Iterator[Denial]:
    """Yield registrations with a status that the stage does not allow; in prod, that is an approval."""
    allowed = {"PendingManualApproval"} if parts.application.name == "prod" else _allowed(parts.execution)
    for status in (*STATUSES, ""):
        if status not in allowed:
            context = {"sagemaker:ModelApprovalStatus": status} if status else {}
            request = Request(parts.pipeline_role, "sagemaker:CreateModelPackage", parts.package, context)
            yield Denial(f"the pipeline registers a model as {status or 'it likes'}", request)


def _allowed(execution: Execution) -> set[str]:
    declared = (each for each in execution.definition["Parameters"] if each["Name"] == "ModelApprovalStatus")
    return {status for each in declared for status in each["EnumValues"]}


def _of_functions(parts: _Parts) -> Iterator[Denial]:
    for path, function in parts.functions.items():
        for name, action, resource, prefix in (
            ("approves a model", "sagemaker:UpdateModelPackage", parts.package, ""),
            ("deletes a model", "sagemaker:DeleteModelPackage", parts.package, ""),
            ("reads data", "s3:GetObject", f"{parts.bucket}/models/first/model.tar.gz", ""),
            ("reads answers", "s3:GetObject", f"{parts.bucket}/capture/emp-bonus-dev/a.jsonl", ""),
            ("looks at what was predicted", "s3:ListBucket", parts.bucket, "predictions/"),
            ("looks at what is of models", "s3:ListBucket", parts.bucket, "models/"),
            ("looks beside the statistics", "s3:ListBucket", parts.bucket, "models/first/data-quality/x.csv"),
            ("looks at all there is", "s3:ListBucket", parts.bucket, ""),
            ("publishes metrics of others", "cloudwatch:PutMetricData", "*", ""),
            ("calls itself", "lambda:InvokeFunction", function.arn, ""),
            ("starts the pipeline", "sagemaker:StartPipelineExecution", parts.pipeline, ""),
        ):
            context = {"s3:prefix": prefix} if action == "s3:ListBucket" else {}
            yield Denial(f"{path} {name}", Request(function.properties["Role"], action, resource, context))


def _of_starts(parts: _Parts) -> Iterator[Denial]:
    for rule in parts.application.resources("AWS::Events::Rule"):
        for target in rule.properties["Targets"]:
            if "RoleArn" in target:
                for action in ("sagemaker:StopPipelineExecution", "sagemaker:UpdatePipeline"):
                    yield Denial(f"{rule.path}: {action}", Request(target["RoleArn"], action, parts.pipeline))
                through_s3 = {"kms:ViaService": f"s3.{parts.account.region}.amazonaws.com"}
                for key in parts.application.resources("AWS::KMS::Key"):
                    request = Request(target["RoleArn"], "kms:Decrypt", key.arn, through_s3)
                    yield Denial(f"{rule.path}: decrypt data", request)
    # Without a source, a service acts for whoever asks it to.
    for path, role in parts.roles.items():
        for service in ("sagemaker.amazonaws.com", "lambda.amazonaws.com", "events.amazonaws.com"):
            yield Denial(f"{service} acts as {path} for nobody we know", Request(service, "sts:AssumeRole", role))
        for other in (f"arn:aws:iam::{OTHER_ACCOUNT}:root", ADMINISTRATOR, *parts.roles.values()):
            yield Denial(f"{other} acts as {path}", Request(other, "sts:AssumeRole", role))


def _of_deployment(parts: _Parts) -> Iterator[Denial]:
    account, name = parts.account, parts.application.stage.endpoint_name
    model, isolated = account.arn("sagemaker", f"model/{name}-v7-0a1b2c3d"), "sagemaker:NetworkIsolation"
    passing = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    scaling = "sagemaker.application-autoscaling.amazonaws.com"
    linked, for_scaling = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{scaling}", {"iam:AWSServiceName": scaling}
    for machine in parts.application.resources("AWS::StepFunctions::StateMachine"):
        serving = machine.properties["Definition"]["States"]["CreateModel"]["Arguments"]["ExecutionRoleArn"]
        others = _log(parts, "/aws/sagemaker/Endpoints/payroll")
        yield Denial("the endpoint logs for another", Request(serving, "logs:PutLogEvents", others))
        role = machine.properties["RoleArn"]
        for what, action, resource, context in (
            ("the deployment approves a model", "sagemaker:UpdateModelPackage", parts.package, {}),
            ("the deployment deletes a version", "sagemaker:DeleteModelPackage", parts.package, {}),
            ("the deployment makes a model with a network", "sagemaker:CreateModel", model, {isolated: "false"}),
            ("the deployment does not say so", "sagemaker:CreateModel", model, {}),
            ("the deployment passes a job's role", "iam:PassRole", parts.job_role, passing),
            ("the deployment passes itself", "iam:PassRole", role, passing),
            ("the deployment starts a training", "sagemaker:StartPipelineExecution", parts.pipeline, {}),
            (
                "the deployment unwatches another endpoint",
                "cloudwatch:DeleteAlarms",
                _scaling_alarm(parts, "payroll"),
                {},
            ),
            ("the deployment makes a role of others", "iam:CreateServiceLinkedRole", f"{linked}/Other", for_scaling),
            ("the deployment reads raw data", "s3:GetObject", f"{parts.bucket}/raw/employees.csv", {}),
            ("the deployment reads answers", "s3:GetObject", f"{parts.bucket}/capture/{name}/a.jsonl", {}),
        ):
            yield Denial(what, Request(role, action, resource, context))


def _scaling_alarm(parts: _Parts, endpoint: str) -> str:
    return parts.account.arn("cloudwatch", f"alarm:TargetTracking-endpoint/{endpoint}/variant/AllTraffic-AlarmHigh")


def _of_approvers(parts: _Parts) -> Iterator[Denial]:
    for name, action, resource in (
        ("an approver registers a model", "sagemaker:CreateModelPackage", parts.package),
        ("an approver deletes a model", "sagemaker:DeleteModelPackage", parts.package),
        ("an approver reads raw data", "s3:GetObject", f"{parts.bucket}/raw/employees.csv"),
        ("an approver changes a model", "s3:PutObject", f"{parts.bucket}/models/first/model.tar.gz"),
        ("an approver starts the pipeline", "sagemaker:StartPipelineExecution", parts.pipeline),
    ):
        yield Denial(name, Request(parts.approvers, action, resource))


def _of_keys(parts: _Parts) -> Iterator[Denial]:
    granting = {"kms:GrantIsForAWSResource": "true"}
    for path, caller in {**parts.roles, "an approver": parts.approvers}.items():
        for action in ("kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"):
            for service in ("s3", "sagemaker", "sns", "sqs"):
                context = {"kms:ViaService": f"{service}.{parts.account.region}.amazonaws.com", **granting}
                request = Request(caller, action, KEY_OF_OTHERS, context)
                yield Denial(f"{path}: {action} with a key of others, through {service}", request)


def _of_plain_lines(parts: _Parts) -> Iterator[Denial]:
    """Yield what even an administrator must not do: reach what is ours without a safe line."""
    plain = {"aws:SecureTransport": "false"}
    old = {"s3:TlsVersion": "1.1"}
    for bucket in parts.application.resources("AWS::S3::Bucket"):
        for arn, action in ((bucket.arn, "s3:ListBucket"), (f"{bucket.arn}/x", "s3:GetObject")):
            yield Denial(f"{action} of {bucket.path} over http", Request(ADMINISTRATOR, action, arn, plain))
            yield Denial(f"{action} of {bucket.path} with TLS 1.1", Request(ADMINISTRATOR, action, arn, old))
    for kind, action in (("AWS::SQS::Queue", "sqs:ReceiveMessage"), ("AWS::SNS::Topic", "sns:Publish")):
        for resource in parts.application.resources(kind):
            yield Denial(f"{action} of {resource.path} over http", Request(ADMINISTRATOR, action, resource.arn, plain))
