"""Everything that differs between deployments, or that someone may want to change: `stages.py` is the file to edit."""

from settings.card import Card
from settings.checks import InvalidOptionsError, check_options
from settings.deployment import Autoscaling, Canary, Deployment, EndpointAlarms
from settings.errors import SettingsError, StageNameError, UnknownStageError
from settings.limits import Limit, LimitError
from settings.linear_learner import LINEAR_LEARNER, SEARCHED, Range
from settings.monitoring import Monitoring
from settings.options import (
    CAPTURE_PREFIX,
    FEATURE_COLUMNS,
    INTERMEDIATES_PREFIX,
    MODELS_PREFIX,
    MONITORING_PREFIX,
    PREDICTIONS_PREFIX,
    RAW_PREFIX,
    SCORING_PREFIX,
    Features,
    Network,
    NewDataStart,
    Operations,
    Processing,
    QualityGate,
    Registration,
    Retention,
    Scoring,
    ScoringStart,
    Security,
    Stage,
    Training,
    Tuning,
)
from settings.stage_names import check_names, find_stage
from settings.stages import STAGES
from settings.starts import Schedule, StartRule

__all__ = [
    "CAPTURE_PREFIX",
    "FEATURE_COLUMNS",
    "INTERMEDIATES_PREFIX",
    "LINEAR_LEARNER",
    "MODELS_PREFIX",
    "MONITORING_PREFIX",
    "PREDICTIONS_PREFIX",
    "RAW_PREFIX",
    "SCORING_PREFIX",
    "SEARCHED",
    "STAGES",
    "Autoscaling",
    "Canary",
    "Card",
    "Deployment",
    "EndpointAlarms",
    "Features",
    "InvalidOptionsError",
    "Limit",
    "LimitError",
    "Monitoring",
    "Network",
    "NewDataStart",
    "Operations",
    "Processing",
    "QualityGate",
    "Range",
    "Registration",
    "Retention",
    "Schedule",
    "Scoring",
    "ScoringStart",
    "Security",
    "SettingsError",
    "Stage",
    "StageNameError",
    "StartRule",
    "Training",
    "Tuning",
    "UnknownStageError",
    "check_names",
    "check_options",
    "find_stage",
]
