"""Settings and jobs import nothing of each other: what both know is compared here."""

from processing.proposal import column_tables, trial
from processing.records.columns import INPUTS
from settings import FEATURE_COLUMNS, Processing, Training
from settings.limits import LIMITS


def test_defaults_that_a_proposal_assumes_are_those_of_a_stage() -> None:
    assert Processing().maximum_rejected_share == trial.MAXIMUM_REJECTED_SHARE
    assert Training().minimum_training_rows == trial.MINIMUM_TRAINING_ROWS
    assert {limit.name: limit.default for limit in LIMITS}["MaximumRmse"] == column_tables.MAXIMUM_RMSE


def test_columns_that_a_stage_may_leave_out_are_those_that_features_are_made_from() -> None:
    assert tuple(column.source for column in INPUTS) == FEATURE_COLUMNS
