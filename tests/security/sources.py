"""Where it is known from that AWS asks for a right: what others saw on AWS, what AWS wrote, or nothing but our guess.

A repository is public on GitHub and given as owner/name, with the file; a date is that of the observation. `MAMIP` is
zoph-io/MAMIP, which publishes AWS's managed policies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How good the evidence is, the best first."""

    RECORD = "record of a real run"
    MANAGED_POLICY = "AWS managed policy"
    DOCUMENTATION = "AWS documentation"
    GUESS = "our guess"


@dataclass(frozen=True)
class Source:
    """Evidence for a right."""

    kind: Kind
    text: str
    """Where it stands and what was seen; for a guess, what speaks for it."""


def fault_of(source: Source) -> str:
    """Return why *source* proves nothing; empty for one that can be looked up, or that says that it is a guess."""
    if len(source.text.split()) < _FEWEST_WORDS:
        return "says too little to be looked up"
    missing = next((mark for mark in _MARKS[source.kind] if mark not in source.text), "")
    return f"has no {missing!r}, so that nobody finds it" if missing else ""


_FEWEST_WORDS = 4
_MARKS: Mapping[Kind, tuple[str, ...]] = {
    Kind.RECORD: ("/", "20"),  # owner/name, and a year
    Kind.MANAGED_POLICY: ("MAMIP", "policies/"),
    Kind.DOCUMENTATION: ("guide",),
    Kind.GUESS: (),
}


def _record(text: str) -> Source:
    return Source(Kind.RECORD, text)


def _policy(text: str) -> Source:
    return Source(Kind.MANAGED_POLICY, f"MAMIP policies/{text}")


def _guide(text: str) -> Source:
    return Source(Kind.DOCUMENTATION, text)


def _guess(text: str) -> Source:
    return Source(Kind.GUESS, text)


_PLATFORM = "emanuelGitCodes/aws-mlops-platform-public, wiki"
_PIPELINE_ROLE = f"{_PLATFORM}/raw/aws-security-hardening-phase-5d-pipeline-execution-role-august-6-2026.md"
_TRUST_BOUNDARY = (
    "aws-samples/sample-aws-physical-ai-toolchain, isaac-lab-arena-on-aws/infra/trust_boundary.tf, 2026-09"
)

# Of the pipeline's role.
JOBS = _record(f"{_PIPELINE_ROLE}: CloudTrail of a run, Create... and Describe... of each job as the pipeline's role")
STOPPING = _guide("SageMaker developer guide, Access management of pipelines: Stop... for the jobs of the steps")
SEARCHES = _guide("SageMaker developer guide, Access management of pipelines: Create and Describe for each job type")
TAGS = _record(
    f"{_PIPELINE_ROLE}: two runs failed for AddTags, on the job and on the package group, until all four creations had"
    " it; it is checked inside of them and is in no trail"
)
PASSING = _record(
    "scott2borg/cs401r-2026-instructor, CS_401R_Labs, Lab 5, 2026-08: a pipeline's role must be let pass itself when"
    " jobs run as it; that the same holds for another role of jobs is inferred"
)
GROUP = _record(
    f"{_PIPELINE_ROLE}: CreateModelPackageGroup is called in every run; that the group exists is taken for success,"
    " a denial is not"
)
REGISTRATION = _record(f"{_PIPELINE_ROLE}: CreateModelPackage once a run, on model-package/<group>/*")
REGISTERED = _record(f"{_PIPELINE_ROLE}: DescribeModelPackage after CreateModelPackage, as the pipeline's role")
ARTEFACT = _record(
    f"{_TRUST_BOUNDARY}: a run failed at RegisterModel with 'Access denied for bucket: ..., object key: ...';"
    " the right to read the artefact cured it"
)
SERVING_ARTEFACT = _guess("nobody registers a second inference specification in public; it is opened as the first is")
SAMPLE_PAYLOAD = _guess("nobody says whether a sample payload is looked at; that this role reads it harms least")
FUNCTION_CALLS = _guide("SageMaker developer guide, Access management of pipelines: lambda:InvokeFunction, Lambda step")
PROPERTY_FILES = _guess("nobody says as whom property files are read; that it is the pipeline's role harms least")

# Of the jobs' role.
JOB_DATA = _record(f"{_PIPELINE_ROLE}: GetObject, PutObject and ListBucket sufficed the jobs of a run")
MULTIPART = _record(f"{_TRUST_BOUNDARY}: without s3:AbortMultipartUpload large writes are denied")
JOB_LOGS = _record(
    f"{_PIPELINE_ROLE}: CreateLogGroup and CreateLogStream in every job; the policy that sufficed has PutLogEvents and"
    " DescribeLogStreams, too"
)
IMAGES = _guide("SageMaker developer guide, SageMaker roles: Create...Job API, execution role permissions, ECR")
JOB_METRICS = _guide("SageMaker developer guide, SageMaker roles: Create...Job API, cloudwatch:PutMetricData")
NETWORKS = _guide("SageMaker developer guide, SageMaker roles: Create...Job API, actions on ec2 for a job in a VPC")
VOLUMES = _policy("AmazonSageMakerFullAccess has kms:DescribeKey")
GRANTS = _guess(
    "AWS's grants for volumes carry kms:GrantIsForAWSResource: awslabs/mlspace's notebook policy has the condition,"
    " AWS's managed policies have kms:ViaService in its place"
)

# Of whoever looks at models.
LISTING = _record(f"{_PLATFORM}/log.md, 2026-08-07 and 2026-09-05: ListModelPackages denied on model-package/<group>/*")
LISTING_ON_THE_GROUP = _guess(
    "the service authorization reference names no resource; denials were seen on packages only"
)
REGISTRY = _record(
    f"{_PLATFORM}/raw/aws-security-hardening-phase-5c-deploy-execution-role-august-5-2026.md: model-package/<group>/*"
    " suffices for DescribeModelPackage"
)
SPELLING = _guess("public ARNs of packages have a group's name as it was created, or in lower case: both are let")
CREATION_ON_THE_GROUP = _guess("the service authorization reference gives CreateModelPackage both kinds of resource")
APPROVAL = _guide("SageMaker developer guide, Update the approval status of a model")
FIGURES = _guide("S3 user guide, Required permissions for API operations: GetObject, to read what a package points at")

# Of encryption.
OBJECTS = _guide("S3 user guide, Using server-side encryption with KMS keys: permissions, also of multipart uploads")
LOG_KEYS = _guide("CloudWatch Logs user guide, Encrypt log data using KMS: key policy")
KEY_ADMINISTRATION = _guide(
    "KMS developer guide, Default key policy: allows access to the account and enables IAM policies"
)
QUEUE_KEYS = _guide("EventBridge user guide, Targets: key policy of a target with KMS encryption, such as an SQS queue")
TOPIC_KEYS = _guide("SNS developer guide, Key management: event sources and encrypted topics")

# Of the functions.
LISTED_OBJECTS = _guide(
    "S3 user guide, Required permissions for API operations: s3:ListBucket for ListObjectsV2, by the key s3:prefix"
)

# Of the deployment.
ENDPOINTS = _guide(
    "SageMaker developer guide, API Permissions reference: CreateModel, CreateEndpointConfig, CreateEndpoint and"
    " UpdateEndpoint, the last two on endpoint and endpoint-config, DescribeEndpoint, DeleteEndpoint, InvokeEndpoint"
)
MODEL_ROLES = _guide("SageMaker developer guide, SageMaker roles: iam:PassRole of a model's execution role")
SERVING = _guide("SageMaker developer guide, SageMaker roles: CreateModel API, execution role permissions")
CAPTURE = _record(
    "scott2borg/cs401r-2026-instructor, Lab 6, 2026-07: 41 calls in 7 minutes were captured nowhere; s3:PutObject of"
    " the endpoint's role alone cured it"
)
GUARDRAILS = _guide("SageMaker developer guide, Auto-rollback configuration: cloudwatch:DescribeAlarms on the alarms")
SCALING = _guide("SageMaker developer guide, Automatic scaling prerequisites: permissions to register a target")
MACHINE_STARTS = _guide("EventBridge user guide, Identity-based policies: Step Functions as targets, StartExecution")
SMOKE_TESTS = _guide("S3 user guide, Required permissions for API operations: GetObject, as the machine's role")

# Of services that act for us.
FUNCTION_LOGS = _guide("Lambda developer guide, Execution role: AWSLambdaBasicExecutionRole")
DEAD_LETTERS = _guide("EventBridge user guide, Dead-letter queues: permissions")
EVENT_ROLE = _guide("EventBridge user guide, Identity-based policies: SageMaker pipelines as targets")
TOPIC_EVENTS = _record(
    f"{_PLATFORM}/pages/sources/aws-security-hardening-phase-3f-alert-routing-august-8-2026.md: a rule published to an"
    " encrypted topic whose policy asks for aws:SourceArn and aws:SourceAccount, and the message arrived"
)
TOPIC_EVENTS_OF_NO_RULE = _guide(
    "EventBridge user guide, Resource-based policies: topic policies for EventBridge cannot have conditions"
)
ALARM_TOPICS = _guide("CloudWatch user guide, SNS notifications of alarms: resource policy of the topic")
ACCESS_LOGS = _guide("S3 user guide, Server access logging: permissions of the logging service")
DEPUTY = _guide(
    "IAM user guide, The confused deputy problem: services say aws:SourceArn and aws:SourceAccount; the examples of the"
    " SageMaker developer guide ask for aws:SourceArn"
)
