"""What can be set: each group of options with its defaults, and `Stage`, which has one of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from settings.card import Card
from settings.deployment import Deployment
from settings.limits import Limit, limits_with
from settings.linear_learner import LINEAR_LEARNER, SEARCHED, Range
from settings.monitoring import Monitoring
from settings.names import StageNames
from settings.starts import Schedule, StartRule

Values = Mapping[str, str]

RAW_PREFIX = "raw/"
"""Of the data bucket: what the pipeline reads."""
INTERMEDIATES_PREFIX = "executions/"
"""What steps hand on to each other; it expires."""
MODELS_PREFIX = "models/"
"""What registered models point at; it never expires."""
SCORING_PREFIX = "scoring/"
"""Records whose bonuses are to be predicted; they are yours."""
PREDICTIONS_PREFIX = "predictions/"
"""What was predicted for them; it expires by a date of its own."""
CAPTURE_PREFIX = "capture/"
"""Answers of the endpoint, where a stage keeps them; they expire as intermediates do."""
MONITORING_PREFIX = "monitoring/"
"""What was found about each window of traffic; it expires by a date of its own."""

# Without a disk of their own: on one that has, a volume cannot have our key, and the service refuses the job.
INSTANCE_TYPES = (
    *("ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge", "ml.m5.4xlarge"),
    *("ml.c5.xlarge", "ml.c5.2xlarge", "ml.c5.4xlarge"),
)

# Of 126 types only these have a quota above 0 for processing in a new account (4, 4 and 2); they have no disk either.
# Source: scott2borg/cs401r-2026-instructor, "Lab 6 - Monitoring & Reliability (Solution).md", us-east-1, 2026-07.
NEW_ACCOUNT_INSTANCE_TYPES = ("ml.t3.medium", "ml.t3.large", "ml.t3.xlarge")

TOO_SMALL_FOR_SPARK = ("ml.t3.medium",)
"""Four GiB: two of Spark's and Hadoop's own processes alone take half. SageMaker has no other type of so few."""


@dataclass(frozen=True, kw_only=True)
class Processing:
    """The jobs that prepare the data."""

    image_version: str = "1.9-0"
    """Tag of the scikit-learn image, the only one AWS still patches (until 2027-07); docs/decisions/0002."""
    image_digest: str | None = None
    """`sha256:...` of that image in the stage's region, when a tag that AWS may move is not enough."""
    engine: Literal["local", "spark"] = "local"
    """What data quality, preprocessing and split run on: one instance, or a Spark cluster; docs/decisions/0039."""
    spark_image_digest: str | None = None
    """The same of the Spark image."""
    instance_type: str = "ml.m5.xlarge"
    allowed_instance_types: tuple[str, ...] = (*INSTANCE_TYPES, *NEW_ACCOUNT_INSTANCE_TYPES)
    """What a start may choose from; where the engine is Spark, `TOO_SMALL_FOR_SPARK` is left out."""
    instance_count: int = 1
    """Of what the engine runs on; more than one only with Spark."""
    volume_size_gb: int = 30
    max_runtime_s: int = 3_600
    split_seed: str = "emp-bonus"
    """Key of the hash that sends an employee to training, validation or test; another one draws them anew."""
    maximum_rejected_share: float = 0.05
    """Of the rows read: with more unusable ones the job fails."""

    @property
    def on_spark(self) -> bool:
        """Whether a Spark cluster prepares the data."""
        return self.engine == "spark"

    @property
    def offered_instance_types(self) -> tuple[str, ...]:
        """The allowed instance types that the engine can run on."""
        unfit = TOO_SMALL_FOR_SPARK if self.on_spark else ()
        return tuple(each for each in self.allowed_instance_types if each not in unfit)


FEATURE_COLUMNS = ("age", "salary", "department", "hire_date", "profile")
"""Columns of the raw data that features are made from; a test compares them with those that the jobs know."""


@dataclass(frozen=True, kw_only=True)
class Features:
    """What the model may predict from."""

    without: tuple[str, ...] = ()
    """Raw columns that no feature is made from, such as `("age",)`; test rows are sliced by them all the same."""


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """The search for hyperparameters that takes the place of the one training job."""

    strategy: Literal["Bayesian", "Random"] = "Bayesian"
    maximum_jobs: int = 20
    maximum_parallel_jobs: int = 4
    max_runtime_s: int = 4 * 3_600
    """Of the whole search; a single job has that of `Training`."""
    random_seed: int = 1
    ranges: Mapping[str, Range] = field(default_factory=lambda: SEARCHED)
    """These take the place of the fixed hyperparameters of the same names."""


@dataclass(frozen=True, kw_only=True)
class Training:
    """The Linear Learner job."""

    image_digest: str | None = None
    """`sha256:...` of the algorithm's image in the stage's region; for serving, too."""
    instance_type: str = "ml.m5.xlarge"
    allowed_instance_types: tuple[str, ...] = INSTANCE_TYPES
    """What a start may choose from."""
    instance_count: int = 1
    """Of a job, with a share of the training rows each; docs/decisions/0040."""
    volume_size_gb: int = 30
    max_runtime_s: int = 3_600
    mini_batch_size: int = 32
    hyperparameters: Values = field(default_factory=lambda: LINEAR_LEARNER)
    """All but `mini_batch_size`, which preprocessing has to know too."""
    tuning: Tuning | None = None
    """Search hyperparameters with many jobs; None trains one with those above."""

    @property
    def minimum_training_rows(self) -> int:
        """Training rows that a job cannot do without: each instance needs the largest mini-batch that it may take."""
        tried = self.tuning.ranges.get("mini_batch_size") if self.tuning else None
        return self.instance_count * (int(tried.maximum) if tried else self.mini_batch_size)


@dataclass(frozen=True, kw_only=True)
class QualityGate:
    """What a model must keep to be registered; the limits themselves are rows of `limits.py`."""

    defaults: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Other defaults of limits, such as `{"MinimumR2": 0.7}`; they turn on one that is off."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """All limits that are on; the value of each is a pipeline parameter."""
        return limits_with(self.defaults)


@dataclass(frozen=True, kw_only=True)
class Registration:
    """How a registered model may be used."""

    inference_instance_types: tuple[str, ...] = ("ml.t2.medium", "ml.m5.xlarge")
    transform_instance_types: tuple[str, ...] = ("ml.m5.xlarge",)
    model_type: str = "EmpBonusPrediction"
    approval_status: str = "PendingManualApproval"
    allowed_approval_statuses: tuple[str, ...] = ("PendingManualApproval",)
    """What a start may choose from, and all that the pipeline's role may register."""
    card: Card | None = field(default_factory=Card)
    """What is said of each version beside its figures; None: versions get no model card."""


@dataclass(frozen=True, kw_only=True)
class NewDataStart(StartRule):
    """Starts the pipeline once for each object that lands below the raw prefix."""

    enabled: bool = False
    parameters: Values = field(default_factory=lambda: MappingProxyType({"DataVersion": "$.detail.object.version-id"}))


@dataclass(frozen=True, kw_only=True)
class ScoringStart(StartRule):
    """Scores each object that lands below the scoring prefix; the stack adds the parameter `InputData`, its bucket."""

    enabled: bool = False
    parameters: Values = field(
        default_factory=lambda: MappingProxyType(
            {"InputFile": "$.detail.object.key", "DataVersion": "$.detail.object.version-id"}
        )
    )


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """The second pipeline, which predicts bonuses with the approved model; its jobs are as those of `Processing`."""

    new_data_start: ScoringStart = ScoringStart()


@dataclass(frozen=True, kw_only=True)
class Network:
    """A VPC of yours, in which the jobs run."""

    vpc_id: str
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    route_table_ids: tuple[str, ...] = ()
    """Of the subnets: they get a gateway endpoint for S3, which jobs cannot do without. Empty: there is one already."""


@dataclass(frozen=True, kw_only=True)
class Security:
    """What an organisation asks for beyond the defaults."""

    network: Network | None = None
    """None: jobs run in SageMaker's own network, isolated all the same."""
    permissions_boundary_arn: str | None = None
    """A managed policy that bounds every role of the application."""


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long data and results are kept, in days."""

    step_cache_days: int = 30
    intermediates_days: int = 45
    """Outputs of steps but models: longer than the cache, or a cache hit would point at a deleted file.

    Whether a hit begins the cache's days anew is not documented: should a step miss files, give another DataVersion.
    """
    predictions_days: int = 90
    """What the scoring pipeline predicted for people: long enough to fetch it, and not for ever."""
    monitoring_days: int = 365
    """Figures of windows of traffic, in which no record is: a year shows the seasons."""
    noncurrent_versions_days: int = 90
    """Raw data and models that were overwritten or deleted."""
    access_logs_days: int = 365


@dataclass(frozen=True, kw_only=True)
class Operations:
    """How people hear of what happens, and how long they can look it up."""

    notified: tuple[str, ...] = ()
    """E-mail addresses; each has to confirm its subscription once."""
    missed_periods: int | None = 1
    """Alarm when in so many periods of the schedule no model came to be judged; None: never."""
    log_retention_days: int = 90
    """Of the functions' log groups; those of jobs, `/aws/sagemaker/*`, are SageMaker's and keep all that they get."""


@dataclass(frozen=True, kw_only=True)
class Stage(StageNames):
    """One deployment of the application."""

    region: str
    data_contract: str = "processing/contract/data_contract.toml"
    """What raw data must be like: a file below the project; `make synth CONTRACT=...` tries another."""
    schedule: Schedule
    new_data_start: NewDataStart = NewDataStart()
    scoring: Scoring | None = Scoring()
    """None: the stage has no scoring pipeline."""
    processing: Processing = Processing()
    features: Features = Features()
    training: Training = Training()
    quality_gate: QualityGate = QualityGate()
    registration: Registration = Registration()
    retention: Retention = Retention()
    operations: Operations = Operations()
    security: Security = Security()
    deployment: Deployment | None = None
    """Serve the newest approved model at an endpoint; None: models are registered, and nothing is served."""
    monitoring: Monitoring | None = None
    """Watch traffic and scored files for drift; None: nobody does."""
    may_be_torn_down: bool = False
    """Whether `make teardown` may delete data and models, and stacks may be deleted without further ado."""

    @property
    def pipelines(self) -> dict[str, str]:
        """Names of the pipelines that it asks for, by those of their stacks."""
        return {
            self.pipeline_stack: self.pipeline_name,
            **({self.scoring_stack: self.scoring_pipeline_name} if self.scoring else {}),
            **({self.monitoring_stack: self.monitoring_pipeline_name} if self.monitoring else {}),
        }
