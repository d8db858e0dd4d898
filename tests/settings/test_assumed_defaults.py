"""`make contract` knows of a stage only what a stage has by default, and imports no settings."""

from processing.proposal import column_tables, trial
from settings import Processing, Training
from settings.limits import LIMITS


def test_defaults_that_a_proposal_assumes_are_those_of_a_stage() -> None:
    assert Processing().maximum_rejected_share == trial.MAXIMUM_REJECTED_SHARE
    assert Training().minimum_training_rows == trial.MINIMUM_TRAINING_ROWS
    assert {limit.name: limit.default for limit in LIMITS}["MaximumRmse"] == column_tables.MAXIMUM_RMSE
