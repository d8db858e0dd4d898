"""What the application assumes of AWS that only an account can show."""

from typing import NamedTuple

from operations.verify_account.judges import (
    REFUSAL,
    Judge,
    all_match,
    are_called,
    are_counted,
    is_told,
    judge_cache,
    judge_denials,
    judge_report,
    judge_suppression,
    judge_tagging,
    judge_tags,
    never_seen,
    succeed,
)
from operations.verify_account.observations import Observations, Purpose


class Assumption(NamedTuple):
    """One assumption, the file that it stands in, and how it is judged."""

    id: str
    text: str
    where: str
    judge: Judge


JOBS = ("EmpBonusDataQuality", "EmpBonusTraining")
DENIED = r"access ?denied|not authorized"
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"


def _job_names(seen: Observations) -> list[str]:
    steps = [(run.id, step.job) for run in seen.runs.values() for step in run.steps.values()]
    return [job.replace(execution, "<execution>") for execution, job in steps if job]


def _sessions(seen: Observations) -> list[str]:
    return sorted({f"{call.role} {call.session}" for call in seen.calls})


def _event_reasons(seen: Observations) -> list[str]:
    """Return the reasons that events of the refused data give; one that has none is a reason, too."""
    steps = [each for each in seen.failures_of(Purpose.BROKEN) if each.get("stepName") == "EmpBonusDataQuality"]
    return [str(each.get("failureReason", "")) for each in steps]


def _data_version(seen: Observations) -> list[str]:
    return [seen.runs[Purpose.SCHEDULED].data_version] if Purpose.SCHEDULED in seen.runs else []


def _spelling(seen: Observations) -> list[str]:
    """Return the part of a version's ARN that is the group's name."""
    arn = seen.step(Purpose.GOOD, "EmpBonusRegisterModel").made
    return [f"{seen.group} as {arn.split('/')[1]}"] if arn else []


ASSUMPTIONS = (
    Assumption(
        "registration-rights",
        "RegisterModel asks the pipeline's role for no right that it lacks",
        "stacks/training/pipeline_role.py",
        succeed("EmpBonusRegisterModel", unless=DENIED),
    ),
    Assumption(
        "registration-calls",
        "RegisterModel creates the group whether it exists or not, and describes the version that it made",
        "stacks/training/pipeline_role.py",
        are_called("CreateModelPackageGroup", "DescribeModelPackage", beside="CreateModelPackage"),
    ),
    Assumption(
        "raw-records",
        "RegisterModel takes an additional inference specification, with the execution's id in its environment",
        "pipeline_definition/steps/register.py",
        succeed("EmpBonusRegisterModel", unless="specification|environment"),
    ),
    Assumption(
        "model-card",
        "RegisterModel takes a model card that is joined of texts and of what a property file has",
        "pipeline_definition/model_card.py",
        succeed("EmpBonusRegisterModel", unless="card|property ?file|json"),
    ),
    Assumption(
        "tags-in-creation", "AddTags is asked for inside of creations", "tests/security/sources.py", judge_tagging
    ),
    Assumption("no-denials", "The roles are asked for no right that they lack", "docs/rights.md", judge_denials),
    Assumption(
        "session-names",
        "Sessions are sagemaker-pipeline-<execution>-<20 letters of the step> and, in jobs, SageMaker",
        "local_aws/sagemaker/role_adapters.py",
        all_match(_sessions, r"^(PipelineRole sagemaker-pipeline-<execution>(-\w{1,20})?|JobRole SageMaker)$", "calls"),
    ),
    Assumption(
        "quota",
        "The quotas let jobs run on the stage's instance types",
        "settings/options.py",
        succeed(*JOBS, unless="resource_?limit|service limit"),
    ),
    Assumption(
        "volume-grants",
        "Grants for volumes carry kms:GrantIsForAWSResource",
        "stacks/shared/encryption_key.py",
        succeed(*JOBS, unless="grant"),
    ),
    Assumption(
        "trusts",
        "SageMaker and Lambda send aws:SourceAccount when they take the roles",
        "stacks/iam.py",
        succeed("EmpBonusFindChampion", *JOBS, unless="assume"),
    ),
    Assumption(
        "lambda-listing",
        "ListModelPackages is allowed by a statement on the group and its versions",
        "stacks/training/champion_finder.py",
        succeed("EmpBonusFindChampion", unless=DENIED),
    ),
    Assumption(
        "schedule-time",
        "A schedule puts its event's time in the place of $.time",
        "settings/starts.py",
        all_match(_data_version, TIME),
    ),
    Assumption(
        "rule-reaches-topic",
        "A rule's message passes topic and key: an execution that is stopped is reported as UNFINISHED",
        "stacks/operations/notifications.py",
        is_told(Purpose.STOPPED, "UNFINISHED"),
    ),
    Assumption(
        "refused-data-told",
        "Data that breaks the contract is reported as DATA REFUSED, not as a fault",
        "stacks/operations/event_patterns.py",
        is_told(Purpose.BROKEN, "DATA REFUSED"),
    ),
    Assumption(
        "rejected-model-told",
        "A rejected model is reported as MODEL REJECTED, not as a fault",
        "stacks/operations/event_patterns.py",
        is_told(Purpose.AGAIN, "MODEL REJECTED"),
    ),
    Assumption(
        "event-reason",
        "The failureReason of a step's event has the job's words",
        "stacks/operations/event_patterns.py",
        all_match(_event_reasons, REFUSAL),
    ),
    Assumption(
        "event-exit-code",
        "The failureReason of a step's event has the job's exit code",
        "processing/job.py",
        all_match(_event_reasons, r"exit code: \d+"),
    ),
    Assumption(
        "job-reason",
        "A job's FailureReason is AlgorithmError: <its words>, exit code: <number>",
        "local_runner/steps/job.py",
        all_match(
            lambda seen: filter(None, [seen.refused_data.reason]),
            rf"^AlgorithmError: {REFUSAL}.*, exit code: \d+$",
            "refused_data",
        ),
    ),
    Assumption(
        "exit-message",
        "What a job writes to /opt/ml/output/message is its ExitMessage",
        "processing/job.py",
        all_match(lambda seen: filter(None, [seen.refused_data.exit_message]), REFUSAL, "refused_data"),
    ),
    Assumption(
        "refused-data-report",
        "The report of refused data is uploaded although its job fails",
        "pipeline_definition/steps/data_quality.py",
        judge_report,
    ),
    Assumption(
        "execution-metrics",
        "Executions that succeed and that fail are counted, in a namespace with a spelling of its own",
        "stacks/operations/pipeline_metrics.py",
        are_counted("ExecutionSucceeded", "ExecutionFailed"),
    ),
    Assumption(
        "fail-step-metric",
        "A Fail step is counted as StepFailed",
        "stacks/operations/fault_alarm.py",
        are_counted("StepFailed of EmpBonusRejected", beside="StepFailed of EmpBonusDataQuality"),
    ),
    Assumption(
        "fault-suppressed",
        "A rejected model keeps the alarm of failed executions from sending",
        "stacks/operations/fault_alarm.py",
        judge_suppression,
    ),
    Assumption(
        "overdue-alarm",
        "The alarm of overdue executions goes off in silence, and returns",
        "stacks/operations/overdue_alarm.py",
        never_seen("takes days, and is off where the schedule is"),
    ),
    Assumption(
        "job-names",
        "The service appends -<execution>-<10 letters>-<number of failures> to a job's name",
        "local_runner/steps/job.py",
        all_match(_job_names, r"^[a-z-]+-<execution>-[A-Za-z0-9]{10}-\d+$"),
    ),
    Assumption(
        "log-streams",
        "A job's log streams begin with its name: <job>/algo-<instance>-<time>",
        "docs/runbooks/failed-execution.md",
        all_match(lambda seen: seen.log_streams, r"^[\w-]+/algo-\d+-\d+$", "log_streams"),
    ),
    Assumption(
        "package-spelling",
        "A version's ARN has the group's name in lower case",
        "local_aws/sagemaker/model_registry.py",
        all_match(_spelling, " as [^A-Z]+$"),
    ),
    Assumption(
        "stack-tags",
        "Stack tags reach pipeline and package group",
        "docs/runbooks/re-adopt-what-was-kept.md",
        judge_tags,
    ),
    Assumption(
        "cache-hits",
        "The same data under the same DataVersion comes from the step cache",
        "artefacts/definition/cache_keys.py",
        judge_cache,
    ),
    Assumption(
        "cache-expiry",
        "A cache hit does not outlive its files",
        "settings/options.py",
        never_seen("takes more than 30 days"),
    ),
    Assumption(
        "spark-peers",
        "Instances of a job on Spark reach each other, though it is isolated from the network",
        "docs/decisions/0039-past-one-machine-spark.md",
        never_seen("takes a stage with engine='spark' and several instances: its data quality step shows it"),
    ),
    Assumption(
        "training-hosts",
        "Several hosts of Linear Learner make each update from a mini-batch of every one of them",
        "docs/decisions/0040-training-instances.md",
        never_seen("takes a stage with several training instances: compare its test:mse with that of one"),
    ),
    Assumption(
        "watched-figures",
        "Arguments of a Lambda step take figures of a property file",
        "pipeline_definition/steps/publish_quality.py",
        never_seen("takes a stage with monitoring: its step EmpBonusPublishQuality shows it"),
    ),
)
